package io.outrider.training.evaluation;

import io.outrider.core.event.Transaction;
import io.outrider.lake.model.ReadyForest;
import io.outrider.training.fit.ModelKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to evaluate. Days are UTC and inclusive.
 *
 * @param files histories, in any order; everything in them before the test range builds up state. None for a dataset
 * @param train days to fit on
 * @param test days to score, all after the training days
 * @param labelDelay how long after its event a label becomes known; not negative
 * @param kind which model
 * @param ready a forest to take as it is instead of growing one; null to grow one
 * @param dropKnownAccounts whether the metrics leave out accounts that a fraud was known of, since the training began,
 *     when the test day began (the Handbook's protocol: whoever was caught is no longer looked for)
 * @param seed seed of all chance in the fit
 */
public record EvaluateRequest(
        List<Path> files,
        Days train,
        Days test,
        Duration labelDelay,
        ModelKind kind,
        @Nullable ReadyForest ready,
        boolean dropKnownAccounts,
        long seed) {

    /** The label delay where none is given. */
    public static final Duration DEFAULT_LABEL_DELAY = Duration.ofDays(7);

    public EvaluateRequest {
        files = List.copyOf(files);
        if (!test.from().isAfter(train.to())) {
            throw new IllegalArgumentException("the test days must come after the training days: test from "
                    + test.from() + ", training to " + train.to());
        }
        if (ready != null && kind == ModelKind.SUPERVISED) {
            throw new IllegalArgumentException("a ready forest is no supervised model: " + ready.file());
        }
        if (labelDelay.isNegative()) {
            throw new IllegalArgumentException("the label delay must not be negative: " + labelDelay);
        }
    }

    /** Days, UTC, both ends included. */
    public record Days(LocalDate from, LocalDate to) {

        public Days {
            if (to.isBefore(from)) {
                throw new IllegalArgumentException("days end before they begin: " + from + " to " + to);
            }
        }

        long startMs() {
            return from.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        }

        /** Just after the last day. */
        long endMs() {
            return to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        }

        boolean include(Transaction event) {
            return event.eventTimeMs() >= startMs() && event.eventTimeMs() < endMs();
        }
    }
}
