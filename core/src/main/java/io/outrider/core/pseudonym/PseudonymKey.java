package io.outrider.core.pseudonym;

import io.outrider.core.partition.AccountPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * The secret that accounts' pseudonyms are made with, or {@link #NONE}. Never printed. With another key an account is another
 * account, so states and datasets bear its {@link #mark}, and one is not taken for the other. Thread-safe.
 */
public final class PseudonymKey {

    /** Accounts keep their ids. */
    public static final PseudonymKey NONE = new PseudonymKey(null);

    private static final int MARK_DIGITS = 12;
    private static final String STATES = "+pseudonyms-";

    private final @Nullable AccountHash hash;

    private PseudonymKey(@Nullable AccountHash hash) {
        this.hash = hash;
    }

    /** A key; IllegalArgumentException if it has fewer than {@value AccountHash#MIN_KEY_BYTES} bytes. */
    public static PseudonymKey of(byte[] secret) {
        return new PseudonymKey(new AccountHash(secret));
    }

    /** Whether accounts have pseudonyms. */
    public boolean isOn() {
        return hash != null;
    }

    /** Tells keys apart without telling anything of them; empty for none. */
    public String mark() {
        // A blank is no account, so this is the hash of none.
        return hash == null ? "" : hash.of(" ").substring(0, MARK_DIGITS);
    }

    /** What account states are of: a plan, by its fingerprint, and a key where there is one. */
    public String statesOf(String planFingerprint) {
        return isOn() ? planFingerprint + STATES + mark() : planFingerprint;
    }

    /** Fingerprint of the plan that {@link #statesOf states} are of, whatever the key. */
    public static String planOf(String states) {
        int end = states.indexOf(STATES);
        return end < 0 ? states : states.substring(0, end);
    }

    /** The names of accounts in a topic with so many partitions. */
    public AccountNames names(AccountPartitioner partitioner, int partitions) {
        return hash == null ? AccountNames.IDS : new AccountNames(hash, partitioner, partitions);
    }

    @Override
    public String toString() {
        return isOn() ? "key " + mark() : "none";
    }
}
