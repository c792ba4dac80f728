package io.outrider.core.pseudonym;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 of account ids under a secret key: tells accounts apart without naming them, to nobody who lacks the key.
 * Thread-safe.
 */
public final class AccountHash {

    /** Least length of a key. */
    public static final int MIN_KEY_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final ThreadLocal<Mac> macs;

    /** IllegalArgumentException for a key of fewer than {@value #MIN_KEY_BYTES} bytes. */
    public AccountHash(byte[] key) {
        if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the key must have at least " + MIN_KEY_BYTES + " bytes, has " + key.length);
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.macs = ThreadLocal.withInitial(this::mac);
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Whether a text has the form of a hash. */
    public static boolean isHash(String text) {
        return text.length() == 2 * MIN_KEY_BYTES
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** 64 lower-case hexadecimal digits. */
    public String of(String account) {
        return HexFormat.of().formatHex(macs.get().doFinal(account.getBytes(StandardCharsets.UTF_8)));
    }
}
