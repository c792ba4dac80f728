package io.outrider.training.dataset;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a dataset is of; the same in all its versions.
 *
 * @param log the raw log: namespace and event hub
 * @param generation which incarnation of it; empty where the Capture files don't say
 * @param partitions how many partitions it has
 * @param partitioner how accounts are placed on them
 * @param plan name of the feature plan
 * @param planFingerprint its fingerprint
 * @param risk what features of merchants and of known frauds go by: {@link #IN_FORCE}, {@link #UNKNOWN}, or {@link #DECLARED}
 *     with the delay behind it
 * @param pseudonyms mark of the key that accounts' pseudonyms are made with; empty where accounts keep their ids
 */
public record DatasetOrigin(
        String log,
        String generation,
        int partitions,
        String partitioner,
        String plan,
        String planFingerprint,
        String risk,
        String pseudonyms) {

    /** One written before there were pseudonyms says nothing of them. */
    @SuppressWarnings("NullAway") // a reader of JSON gives null for what is not there
    public DatasetOrigin {
        pseudonyms = Objects.requireNonNullElse(pseudonyms, "");
    }

    /** The tables that were in force when the events were decided live. */
    public static final String IN_FORCE = "in force";

    /** Nothing: the log was never decided live. */
    public static final String UNKNOWN = "unknown";

    /** The truth that the events carry, known so long after them: a historical import. */
    public static final String DECLARED = "labels known after ";

    /** How long after its event a label is known, where that is declared. */
    public Optional<Duration> labelDelay() {
        return risk.startsWith(DECLARED)
                ? Optional.of(Duration.parse(risk.substring(DECLARED.length())))
                : Optional.empty();
    }
}
