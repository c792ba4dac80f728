package io.outrider.training.run;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import io.outrider.training.fit.ModelKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How a training run slices, tests and judges ({@code outrider.training.run}).
 *
 * @param seed of all chance
 * @param kind which model
 * @param warmingShare share of the rows, the oldest, that are left out, 0 to 0.9
 * @param testShare share of the rows, the newest, that only test, 0.01 to 0.9
 * @param testDays most event dates with rows that only test, the newest; 0 for any number
 * @param calibrationDays most event dates with rows that a forest is calibrated on, the newest before the test; 0 for any number
 * @param labelDelay how long after its event a label is known; not negative
 * @param testRows most rows that metrics and intervals are computed from
 * @param replicates of the bootstrap
 * @param segments text columns whose values get metrics of their own
 * @param gate what is refused
 */
public record RunSettings(
        long seed,
        ModelKind kind,
        double warmingShare,
        double testShare,
        int testDays,
        int calibrationDays,
        Duration labelDelay,
        int testRows,
        int replicates,
        List<String> segments,
        Gate gate) {

    private static final String AT = "outrider.training.run.";

    /**
     * What is refused.
     *
     * @param minRows fewest rows to fit and calibrate on, and to test on
     * @param minFrauds fewest known frauds for a supervised model, and for metrics to decide anything
     * @param maxSingleFeatureAuc a feature that alone ranks frauds as well as this, or better, leaks the label; above 0.5, at most 1; 1 allows all
     */
    public record Gate(int minRows, int minFrauds, double maxSingleFeatureAuc) {

        public Gate {
            Setting.require(minRows >= 100, AT + "gate.min-rows", "must be at least 100: " + minRows);
            Setting.require(minFrauds >= 2, AT + "gate.min-frauds", "must be at least 2: " + minFrauds);
            Setting.require(
                    maxSingleFeatureAuc > 0.5 && maxSingleFeatureAuc <= 1,
                    AT + "gate.max-single-feature-auc",
                    "must be above 0.5 and at most 1: " + maxSingleFeatureAuc);
        }
    }

    public RunSettings {
        segments = List.copyOf(segments);
        Setting.require(
                warmingShare >= 0 && warmingShare <= 0.9, AT + "warming-share", "must be 0 to 0.9: " + warmingShare);
        Setting.require(testShare >= 0.01 && testShare <= 0.9, AT + "test-share", "must be 0.01 to 0.9: " + testShare);
        Setting.require(
                warmingShare + testShare < 1,
                AT + "test-share",
                "leaves nothing to fit on beside warming-share (" + warmingShare + "): " + testShare);
        Setting.require(testDays >= 0, AT + "test-days", "must not be negative: " + testDays);
        Setting.require(calibrationDays >= 0, AT + "calibration-days", "must not be negative: " + calibrationDays);
        Setting.require(!labelDelay.isNegative(), AT + "label-delay", "must not be negative: " + labelDelay);
        Setting.require(testRows >= 100, AT + "test-rows", "must be at least 100: " + testRows);
        Setting.require(replicates >= 20, AT + "replicates", "must be at least 20: " + replicates);
    }

    /** Reads {@code outrider.training.run} of the whole configuration. */
    public static RunSettings from(Config root) {
        Config run = root.getConfig("outrider.training.run");
        return new RunSettings(
                run.getLong("seed"),
                kind(run.getString("kind")),
                run.getDouble("warming-share"),
                run.getDouble("test-share"),
                days(run, "test-days"),
                days(run, "calibration-days"),
                run.getDuration("label-delay"),
                run.getInt("test-rows"),
                run.getInt("replicates"),
                run.getStringList("segments"),
                new Gate(
                        run.getInt("gate.min-rows"),
                        run.getInt("gate.min-frauds"),
                        run.getDouble("gate.max-single-feature-auc")));
    }

    /** A setting that models from before it was there are made again without. */
    private static int days(Config run, String key) {
        return run.hasPath(key) ? run.getInt(key) : 0;
    }

    private static ModelKind kind(String text) {
        try {
            return ModelKind.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(AT + "kind: must be by-labels, forest or supervised: '" + text + "'", e);
        }
    }
}
