package io.outrider.training.past;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The transaction that is looked for.
 *
 * @param on UTC date of its own time; null if that is not known
 * @param untilNanos when to begin no further file, by {@link System#nanoTime}
 */
record TransactionKey(String account, String id, @Nullable LocalDate on, long untilNanos) {

    boolean mayGoOn() {
        return System.nanoTime() - untilNanos < 0;
    }

    /** How many files were looked through, as a person reads it. */
    static String files(int read, int all) {
        return read == all ? all + " files" : read + " of " + all + " files in the time there was";
    }

    boolean isOn(long eventTimeMs) {
        return on == null || on.equals(LocalDate.ofInstant(Instant.ofEpochMilli(eventTimeMs), ZoneOffset.UTC));
    }
}
