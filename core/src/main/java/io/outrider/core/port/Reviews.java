package io.outrider.core.port;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.event.Label;
import io.outrider.core.review.PrecisionRecallCurve;
import io.outrider.core.review.Tally;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What people should look at next, and what follows from what they said. Reads the whole period each time. Stages fail with {@link
 * UnavailableException} while the lake cannot be read. Thread-safe.
 */
public interface Reviews {

    /** Which cases. */
    enum Kind {
        ALERT,
        SAMPLE
    }

    /**
     * A transaction to look at: one of alert and sampled is there.
     *
     * @param chance how likely it is fraud, by labels of others like it
     * @param value chance times amount; times 1 where the amount is unknown
     */
    record Case(
            @Nullable Alert alert,
            @Nullable ScoredEvent sampled,
            @Nullable Label label,
            double chance,
            double value) {}

    /**
     * Cases: those without a label first, then by value.
     *
     * @param period what was read
     * @param next continues behind the last; null at the end
     */
    record Queue(List<Case> items, Period period, @Nullable String next) {}

    /**
     * The cases of a period.
     *
     * @param period open at its beginning: 30 days before its newest case
     * @param kind one kind, or null for both
     * @param cursor {@link Queue#next}, which goes on in the same period and with the same chances; the stage fails with
     *     IllegalArgumentException if it is none
     */
    CompletionStage<Queue> queue(Period period, @Nullable Kind kind, @Nullable String cursor, int limit);

    /** What transactions are told apart by. */
    enum Segment {
        MODEL,
        SEVERITY,
        MERCHANT,
        DEVICE,
        CURRENCY
    }

    /**
     * How well detection did.
     *
     * @param budget share of transactions that may alert, as it is set now
     * @param all everything in the period
     * @param bySegment by the segment asked for, the one of most cases first, at most fifty
     */
    record Performance(
            Period period, double budget, Tally all, List<Group> bySegment, List<PrecisionRecallCurve.Point> curve) {}

    /** Those of one value of the segment; an empty name where they have none. */
    record Group(String name, Tally tally) {}

    /** How well detection did in a period; open at its beginning as above. */
    CompletionStage<Performance> performance(Period period, Segment segment);
}
