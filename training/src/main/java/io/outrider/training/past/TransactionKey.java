package io.outrider.training.past;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The transaction that is looked for.
 *
 * @param on UTC date of its own time; null if that is not known
 */
record TransactionKey(String account, String id, @Nullable LocalDate on) {

    boolean isOn(long eventTimeMs) {
        return on == null || on.equals(LocalDate.ofInstant(Instant.ofEpochMilli(eventTimeMs), ZoneOffset.UTC));
    }
}
