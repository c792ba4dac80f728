package io.outrider.ingestion.redrive;

import io.outrider.core.event.RejectionReason;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters are meant.
 *
 * @param reasons only these; empty for all
 * @param from only those that became dead letters at or after this
 * @param to only those before this
 * @param partition only this partition of the dead-letters topic
 * @param fromOffset only from this offset on, 0 for all
 * @param toOffset only below this offset, {@link Long#MAX_VALUE} for all
 */
public record Selection(
        Set<RejectionReason> reasons,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Integer> partition,
        long fromOffset,
        long toOffset) {

    /** Every dead letter. */
    public static final Selection ALL =
            new Selection(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), 0, Long.MAX_VALUE);

    public Selection {
        reasons = Set.copyOf(reasons);
        if (fromOffset < 0 || toOffset < fromOffset) {
            throw new IllegalArgumentException("no such range of offsets: " + fromOffset + " to " + toOffset);
        }
    }

    boolean includes(Letter letter) {
        return (reasons.isEmpty()
                        || reasons.stream().anyMatch(reason -> reason.wireName().equals(letter.reason())))
                && letter.offset() >= fromOffset
                && letter.offset() < toOffset
                && from.map(time -> letter.timeMs() >= time.toEpochMilli()).orElse(true)
                && to.map(time -> letter.timeMs() < time.toEpochMilli()).orElse(true);
    }
}
