package io.outrider.core.rollout;

import io.outrider.core.backtest.BacktestResult;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backtest of a model against another found on the event dates behind the data that the model was fitted on. It names
 * no account, so that it outlives the report that it comes from.
 *
 * @param modelVersion the model
 * @param againstVersion the other
 * @param from first of these dates, ISO-8601, UTC
 * @param to the last one
 * @param days how many of them had events
 * @param events of these days
 * @param alerts of the model on these days
 * @param gainLow the model's average precision less the other's, on labelled rows that neither was fitted on: lower end of its
 *     95% interval; null where too few labels are known
 * @param gainHigh its upper end; null likewise
 */
public record BacktestEvidence(
        String modelVersion,
        String againstVersion,
        String from,
        String to,
        int days,
        long events,
        long alerts,
        @Nullable Double gainLow,
        @Nullable Double gainHigh) {

    private static final String GAIN = "baseline.against.gain.";

    /**
     * Reads it off a backtest.
     *
     * @param fittedUntil last event time of what the model was fitted on
     * @return empty if the backtest has no other model, or no day behind that one's date
     */
    public static Optional<BacktestEvidence> of(BacktestResult found, Instant fittedUntil) {
        String fitted = LocalDate.ofInstant(fittedUntil, ZoneOffset.UTC).toString();
        List<BacktestResult.Day> later = found.days().stream()
                .filter(day -> day.date().compareTo(fitted) > 0)
                .toList();
        if (found.againstVersion().isEmpty() || later.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new BacktestEvidence(
                found.modelVersion(),
                found.againstVersion(),
                later.get(0).date(),
                later.get(later.size() - 1).date(),
                later.size(),
                later.stream().mapToLong(BacktestResult.Day::events).sum(),
                later.stream().mapToLong(BacktestResult.Day::alerts).sum(),
                found.metrics().get(GAIN + "low"),
                found.metrics().get(GAIN + "high")));
    }
}
