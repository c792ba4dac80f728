package io.outrider.core.feature;

import io.outrider.core.event.Transaction;

/**
 * Features of the amount against the account's own past.
 *
 * <p>Shrinking: with w past events and a population that weighs as p events, the account's share is c = w / (w + p).
 * Its centre is c × own + (1 - c) × population; its variance pools both and their distance (the moments of a mixture
 * with shares c and 1 - c), its robust spread is pooled linearly. So a first event is measured against the population
 * alone, a hundredth nearly against the account alone.
 */
final class AmountFormulas {

    /** Scales a median absolute deviation to the standard deviation of a normal distribution. */
    private static final double MAD_TO_SD = 1.4826;

    private static final int FEW_EVENTS = 5;

    private AmountFormulas() {}

    static double log(double amount) {
        return amount < 0 ? -StrictMath.log1p(-amount) : StrictMath.log1p(amount);
    }

    static double count(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        return s.windows.count(f.window()) + (countsItself(f, s, e) ? 1 : 0);
    }

    static double mean(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        boolean itself = countsItself(f, s, e);
        double count = s.windows.count(f.window()) + (itself ? 1 : 0);
        double sum = s.windows.sum(f.window()) + (itself ? FeatureState.bounded(e.amount()) : 0);
        return count == 0 ? Double.NaN : sum / count;
    }

    private static boolean countsItself(FeatureSpec f, FeatureState s, Transaction e) {
        return f.current() && s.windows.contains(f.window(), e.eventTimeMs());
    }

    /**
     * Standard deviations from the mean; with fewer than five events half the mean stands for the standard deviation.
     */
    static double z(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        PlanSettings.Prior prior = s.plan.prior();
        double weight = s.amounts.weight();
        double mean = weight == 0 ? prior.center() : s.amounts.mean();
        double sd = weight < FEW_EVENTS ? Math.abs(mean) / 2 : Math.sqrt(s.amounts.variance());
        if (f.shrunk()) {
            double own = weight / (weight + prior.events());
            double distance = mean - prior.center();
            double variance =
                    own * sd * sd + (1 - own) * prior.spread() * prior.spread() + own * (1 - own) * distance * distance;
            mean = own * mean + (1 - own) * prior.center();
            sd = Math.sqrt(variance);
        } else if (weight == 0) {
            return Double.NaN;
        }
        return (FeatureState.bounded(e.amount()) - mean) / Math.max(sd, prior.floor());
    }

    /** Scaled median absolute deviations from the median of the last amounts. */
    static double robustZ(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        PlanSettings.Prior prior = s.plan.prior();
        double weight = s.amounts.weight();
        double center = weight == 0 ? prior.center() : s.median;
        double spread = weight == 0 ? prior.spread() : MAD_TO_SD * s.deviation;
        if (f.shrunk()) {
            double own = weight / (weight + prior.events());
            center = own * center + (1 - own) * prior.center();
            spread = own * spread + (1 - own) * prior.spread();
        } else if (weight == 0) {
            return Double.NaN;
        }
        return (FeatureState.bounded(e.amount()) - center) / Math.max(spread, prior.floor());
    }

    /**
     * Deviations from the median, a deviation being the robust one or the plan's share of the median, whichever is
     * larger.
     */
    static double relativeZ(FeatureState s, double amount) {
        double share = s.plan.surge().relativeFloor() * Math.abs(s.median);
        double spread = Math.max(MAD_TO_SD * s.deviation, share);
        return (FeatureState.bounded(amount) - s.median)
                / Math.max(spread, s.plan.prior().floor());
    }

    static boolean isSurge(FeatureState s, double amount) {
        return relativeZ(s, amount) > s.plan.surge().threshold();
    }

    /** Surges before this event within one of the plan's surge windows. */
    static double surges(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        return s.surges.count(f.window());
    }

    static double secondsSinceSurge(FeatureSpec f, FeatureState s, Transaction e, Known k) {
        return s.lastSurgeMs == FeatureState.NEVER ? Double.NaN : Math.max(0, e.eventTimeMs() - s.lastSurgeMs) / 1000.0;
    }

    /** Amount over a reference, which counts as at least the plan's floor; NaN without reference. */
    static double ratio(FeatureSpec f, FeatureState s, double amount, double reference) {
        PlanSettings.Prior prior = s.plan.prior();
        double against = reference;
        if (f.shrunk()) {
            double own = s.amounts.weight() / (s.amounts.weight() + prior.events());
            against = own == 0 ? prior.center() : own * reference + (1 - own) * prior.center();
        }
        return Double.isNaN(against)
                ? Double.NaN
                : FeatureState.bounded(amount) / Math.max(Math.abs(against), prior.floor());
    }
}
