package io.outrider.core.alert;

import io.outrider.core.event.Label;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts are wanted; what is null asks for nothing.
 *
 * @param period event times
 * @param severities any of these; empty for all
 * @param reason a feature that moved the score up
 * @param label what is known of the transaction
 */
public record AlertFilter(
        @Nullable String account,
        @Nullable String merchant,
        Period period,
        Set<Severity> severities,
        @Nullable String reason,
        @Nullable String modelVersion,
        @Nullable Standing label) {

    /** Every alert. */
    public static final AlertFilter ALL = new AlertFilter(null, null, Period.EVER, Set.of(), null, null, null);

    /**
     * Event times.
     *
     * @param fromMs first, milliseconds since the epoch
     * @param toMs one past the last
     */
    public record Period(long fromMs, long toMs) {

        /** All times. */
        public static final Period EVER = new Period(Long.MIN_VALUE, Long.MAX_VALUE);

        public boolean contains(long timeMs) {
            return timeMs >= fromMs && timeMs < toMs;
        }
    }

    public AlertFilter {
        severities = Set.copyOf(severities);
    }

    /** The same with the account by the name that alerts have it under. */
    public AlertFilter named(UnaryOperator<String> names) {
        return account == null
                ? this
                : new AlertFilter(names.apply(account), merchant, period, severities, reason, modelVersion, label);
    }

    /** The same for one account and a period, whatever else. */
    public static AlertFilter of(@Nullable String account, Period period) {
        return new AlertFilter(account, null, period, Set.of(), null, null, null);
    }

    /** Whether an alert with the label that counts is wanted. */
    public boolean matches(Alert alert, @Nullable Label counting) {
        return matches(alert) && (label == null || label == Standing.of(counting));
    }

    private boolean matches(Alert alert) {
        return (account == null || account.equals(alert.transaction().account()))
                && (merchant == null || merchant.equals(alert.transaction().merchant()))
                && period.contains(alert.transaction().eventTimeMs())
                && (severities.isEmpty() || severities.contains(alert.severity()))
                && (modelVersion == null || modelVersion.equals(alert.modelVersion()))
                && (reason == null || isReason(alert, reason));
    }

    private static boolean isReason(Alert alert, String feature) {
        return alert.attributions().stream()
                .anyMatch(part -> part.contribution() > 0 && part.feature().equals(feature));
    }
}
