package io.outrider.lake.pseudonym;

import com.typesafe.config.Config;
import io.outrider.core.pseudonym.AccountHash;
import io.outrider.core.pseudonym.PseudonymKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether accounts have pseudonyms, and their key: {@code outrider.pseudonyms}; {@code reference.conf} explains each. */
public final class PseudonymSettings {

    private static final String ROOT = "outrider.pseudonyms.";

    private PseudonymSettings() {}

    /** The key of this process; IllegalArgumentException names what is wrong, without the key. */
    public static PseudonymKey key(Config root) {
        return key(root, System.getenv());
    }

    static PseudonymKey key(Config root, Map<String, String> environment) {
        String file = root.getString(ROOT + "key-file");
        String variable = root.getString(ROOT + "key-env");
        String named = environment.get(variable);
        if (!file.isBlank() && named != null) {
            throw new IllegalArgumentException(
                    ROOT + "key-file is set and so is environment variable " + variable + ": which key is meant?");
        }
        if (!file.isBlank()) {
            return key(read(file), ROOT + "key-file: " + file);
        }
        return named == null ? PseudonymKey.NONE : key(named, ROOT + "key-env: environment variable " + variable);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(ROOT + "key-file cannot be read: " + file, e);
        }
    }

    private static PseudonymKey key(String text, String where) {
        byte[] secret = text.strip().getBytes(StandardCharsets.UTF_8);
        if (secret.length < AccountHash.MIN_KEY_BYTES) {
            throw new IllegalArgumentException(where + " must hold at least " + AccountHash.MIN_KEY_BYTES
                    + " bytes, such as `openssl rand -hex 32` gives; it has " + secret.length);
        }
        return PseudonymKey.of(secret);
    }
}
