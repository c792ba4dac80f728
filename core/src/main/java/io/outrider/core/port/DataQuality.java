package io.outrider.core.port;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How good the data at rest is. Thread-safe. */
public interface DataQuality {

    /**
     * A column of numbers.
     *
     * @param nulls rows without a value
     * @param min smallest value, null if no row has one; max likewise
     */
    record Column(
            String name,
            long nulls,
            @Nullable Double min,
            @Nullable Double max) {}

    /**
     * What became rows, and what did not.
     *
     * @param bad records that are no valid event, by reason
     * @param repeated records that stood in the raw log more than once
     * @param missing sequence numbers that the raw log does not have
     * @param late events older than every window of their account
     */
    record Counts(long rows, Map<String, Long> bad, long repeated, long missing, long late, List<Column> columns) {

        public Counts {
            bad = Map.copyOf(bad);
            columns = List.copyOf(columns);
        }
    }

    /**
     * The quality report of a version of a dataset.
     *
     * @param createdAt ISO-8601
     * @param failures why it may not train; empty if it may
     * @param added of what this version added
     * @param total of the whole
     */
    record Report(String dataset, int version, String createdAt, List<String> failures, Counts added, Counts total) {

        public Report {
            failures = List.copyOf(failures);
        }
    }

    /** That of the newest version; empty while there is none. Fails with {@link UnavailableException} if it cannot be read. */
    CompletionStage<Optional<Report>> newest();
}
