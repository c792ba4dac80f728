package io.outrider.training.fit;

import com.typesafe.config.Config;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.setting.Setting;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a supervised model says of events that nothing speaks against. Such an event may still be a fraud: its merchant
 * may have been compromised since the newest verdict known of it, and the longer ago that is, the likelier. Boosting
 * sees too few such frauds to learn it, and what it says of them instead is mostly noise: on two months that it had not
 * seen, the likelihood of the labels was highest with a fifth of its differences or less, and a constant rate of
 * compromises in their place. So below the odds that this rate gives for the usual time, its log-odds are flattened, and
 * the logarithm of the time is added. With quick labels the usual time is short, and hardly anything is flattened.
 *
 * @param feature the plan's feature that gives the time, in seconds; plans without it do without all this
 * @param ratePerDay odds of an unknown compromise per day of the time, as far as the flattening goes; positive
 * @param slope how much of the ensemble's differences still counts below, 0 to 1
 * @param weight of the natural logarithm of the time, not negative
 * @param from times below count as this; at least a second
 * @param to times above count as this; longer than {@code from}
 */
record UnknownCompromise(String feature, double ratePerDay, double slope, double weight, Duration from, Duration to) {

    private static final String AT = "outrider.training.unknown-compromise.";

    /** Knots per factor e of time. */
    private static final int KNOTS_PER_NAT = 4;

    UnknownCompromise {
        Setting.require(
                ratePerDay > 0 && Double.isFinite(ratePerDay),
                AT + "rate-per-day",
                "must be above 0 and finite: " + ratePerDay);
        Setting.require(slope >= 0 && slope <= 1, AT + "slope", "must be 0 to 1: " + slope);
        Setting.require(
                weight >= 0 && Double.isFinite(weight), AT + "weight", "must be 0 or more and finite: " + weight);
        Setting.require(from.toSeconds() >= 1, AT + "from", "must be at least 1 s: " + from);
        Setting.require(to.compareTo(from) > 0, AT + "to", "must be longer than from (" + from + "): " + to);
    }

    static UnknownCompromise read(Config training) {
        Config config = training.getConfig("unknown-compromise");
        return new UnknownCompromise(
                config.getString("feature"),
                config.getDouble("rate-per-day"),
                config.getDouble("slope"),
                config.getDouble("weight"),
                config.getDuration("from"),
                config.getDuration("to"));
    }

    /** Whether the plan has the feature, and anything was known of it when the rows were made. */
    boolean appliesTo(List<String> features, FeatureMatrix rows) {
        return features.contains(feature) && times(features, rows).length > 0;
    }

    /** What becomes of the ensemble's log-odds; rows are those it was fitted on. */
    Curve ensembleCurve(List<String> features, FeatureMatrix rows) {
        double[] times = times(features, rows);
        Arrays.sort(times);
        double usual = times.length == 0 ? from.toSeconds() : Math.max(1, times[times.length / 2]);
        double knee = StrictMath.log(ratePerDay * usual / Duration.ofDays(1).toSeconds());
        return new Curve(new double[] {knee}, new double[] {knee}, slope, 1);
    }

    /** The term beside the ensemble. */
    Evidence evidence(List<String> features, FeatureMatrix rows) {
        Curve curve = logarithm();
        double mean =
                Arrays.stream(times(features, rows)).map(curve::at).average().orElse(0);
        return new Evidence(features.indexOf(feature), false, curve, weight, mean);
    }

    /** The feature's known values, in seconds. */
    private double[] times(List<String> features, FeatureMatrix rows) {
        int column = features.indexOf(feature);
        double[] vector = new double[rows.width()];
        double[] times = new double[rows.rows()];
        int known = 0;
        for (int row = 0; row < times.length; row++) {
            rows.copyRow(row, vector);
            if (!Double.isNaN(vector[column])) {
                times[known++] = vector[column];
            }
        }
        return Arrays.copyOf(times, known);
    }

    /** ln(time / from), level outside; straight between knots, which is off by less than 0.01. */
    private Curve logarithm() {
        double nats = StrictMath.log((double) to.toSeconds() / from.toSeconds());
        int steps = (int) Math.ceil(nats * KNOTS_PER_NAT);
        double[] x = new double[steps + 1];
        double[] y = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            y[i] = nats * i / steps;
            x[i] = from.toSeconds() * StrictMath.exp(y[i]);
        }
        return new Curve(x, y, 0, 0);
    }
}
