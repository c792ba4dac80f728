package io.outrider.core.event;

import org.jspecify.annotations.Nullable;

/**
 * Somebody's verdict on a transaction. What it is about is named by account and transaction id; a correction is a later
 * version of the same. Of two labels of one version the one known first counts.
 *
 * @param transactionId the producer's id of the transaction
 * @param account its account, never empty
 * @param merchant its merchant, or null if it named none
 * @param eventTimeMs when it happened, milliseconds since the epoch
 * @param fraud true for fraud, false for genuine
 * @param scenario what kind of fraud it was, in the words of whoever says so; null if that is not told, or it was none
 * @param by who says so, never empty
 * @param version 1 for the first verdict, more for corrections
 * @param knownSinceMs since when it is known, milliseconds since the epoch: the label's own append time, or in a
 *     historical import what that declares
 */
public record Label(
        String transactionId,
        String account,
        @Nullable String merchant,
        long eventTimeMs,
        boolean fraud,
        @Nullable String scenario,
        String by,
        int version,
        long knownSinceMs)
        implements LabelResult {

    public Label {
        if (version < 1) {
            throw new IllegalArgumentException("version must be at least 1, is " + version);
        }
        if (scenario != null && !fraud) {
            throw new IllegalArgumentException("what is genuine is of no fraud scenario, is of " + scenario);
        }
    }

    /** One that does not tell what kind of fraud it was. */
    public Label(
            String transactionId,
            String account,
            @Nullable String merchant,
            long eventTimeMs,
            boolean fraud,
            String by,
            int version,
            long knownSinceMs) {
        this(transactionId, account, merchant, eventTimeMs, fraud, null, by, version, knownSinceMs);
    }

    /** The same of an account by another name. */
    public Label withAccount(String name) {
        return new Label(transactionId, name, merchant, eventTimeMs, fraud, scenario, by, version, knownSinceMs);
    }

    /** Whether this one counts where the other is there too; the same answer whichever came first. */
    public boolean replaces(Label other) {
        if (version != other.version) {
            return version > other.version;
        }
        if (knownSinceMs != other.knownSinceMs) {
            return knownSinceMs < other.knownSinceMs;
        }
        return canonical().compareTo(other.canonical()) < 0;
    }

    /** Fraud before genuine, then by the rest: any order will do, as long as it is always the same. */
    private String canonical() {
        return (fraud ? "0" : "1") + "\n" + eventTimeMs + "\n" + (merchant == null ? "" : merchant) + "\n" + by
                + (scenario == null ? "" : "\n" + scenario);
    }
}
