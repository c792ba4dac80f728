package io.outrider.core.review;

import io.outrider.core.alert.Standing;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts of alerts and of the review sample, by what is known of them, and what follows for all transactions. For one thread.
 *
 * <p>Precision is that of the alerts with a label. What is missed is estimated from the sample: of the transactions that raised no
 * alert each is in it with the same chance, so {@code sampled / chance} estimates how many there were, and the share of
 * fraud among those of the sample that have a label how many of these were fraud. Recall is detected / (detected + missed), its
 * interval from the worse and the better ends of the two it is made of, so rather too wide than too narrow.
 */
public final class Tally {

    private final Map<Standing, Long> alerts = new EnumMap<>(Standing.class);
    private final Map<Standing, Long> sample = new EnumMap<>(Standing.class);
    private double ordinary;

    /** An alert. */
    public void alert(Standing standing) {
        alerts.merge(standing, 1L, Long::sum);
    }

    /**
     * A transaction of the review sample.
     *
     * @param chance with which a transaction without alert is in the sample, in (0, 1]
     */
    public void sampled(Standing standing, double chance) {
        sample.merge(standing, 1L, Long::sum);
        ordinary += 1 / chance;
    }

    public long alerts(Standing standing) {
        return alerts.getOrDefault(standing, 0L);
    }

    public long sampled(Standing standing) {
        return sample.getOrDefault(standing, 0L);
    }

    /** All alerts. */
    public long alerts() {
        return sum(alerts);
    }

    /** The whole sample. */
    public long sampled() {
        return sum(sample);
    }

    /** How many transactions there were that raised no alert, as estimated; 0 without a sample. */
    public double ordinary() {
        return ordinary;
    }

    /** Share of fraud among the alerts. */
    public Share precision() {
        return Share.of(alerts(Standing.FRAUD), alerts(Standing.FRAUD) + alerts(Standing.GENUINE));
    }

    /** Share of fraud among what raised no alert. */
    public Share missed() {
        return Share.of(sampled(Standing.FRAUD), sampled(Standing.FRAUD) + sampled(Standing.GENUINE));
    }

    /** Share of all fraud that raised an alert; NaN, between 0 and 1, where alerts or sample have no label. */
    public Share recall() {
        Share precision = precision();
        Share missed = missed();
        return new Share(
                recall(precision.value(), missed.value()),
                orElse(recall(precision.low(), missed.high()), 0),
                orElse(recall(precision.high(), missed.low()), 1));
    }

    /** Share of transactions that raise an alert; NaN without a sample. */
    public double alertRate() {
        return ordinary == 0 ? Double.NaN : alerts() / (alerts() + ordinary);
    }

    private double recall(double precision, double missed) {
        double detected = alerts() * precision;
        return ordinary == 0 ? Double.NaN : detected / (detected + ordinary * missed);
    }

    private static double orElse(double value, double other) {
        return Double.isNaN(value) ? other : value;
    }

    private static long sum(Map<Standing, Long> counts) {
        return counts.values().stream().mapToLong(count -> count).sum();
    }
}
