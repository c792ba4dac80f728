package io.outrider.training.dataset;

/** What somebody is at datasets for, and whose company they cannot bear. */
public enum LeaseUse {
    /** Puts files that no version names yet. */
    WRITE,
    /** Reads a version that may be an old one by the time it has been read. */
    READ,
    /** Deletes files that no version names. */
    SWEEP,
    /** Deletes versions, too, and raw files. */
    CLEAR;

    boolean excludes(LeaseUse other) {
        return switch (this) {
            case WRITE -> other.deletes();
            case READ -> other == CLEAR;
            case SWEEP -> other != READ;
            case CLEAR -> true;
        };
    }

    /** Who deletes gives way to whoever is there; the others wait for it to end, for it soon does. */
    boolean deletes() {
        return this == SWEEP || this == CLEAR;
    }
}
