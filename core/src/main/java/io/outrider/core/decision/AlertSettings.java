package io.outrider.core.decision;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.model.ThresholdRule;
import java.time.Duration;

/**
 * How alerts are to be raised by models yet to be made; a model carries the terms it was made under. Under
 * {@code outrider.alert}.
 *
 * @param budget share of transactions that may alert, without labels; see {@link ThresholdRule.AlertBudget}
 * @param targetPrecision precision to keep with labels, in (0, 1]; 0 for the best balance of precision and recall (F1)
 * @param coolDown see {@link PolicyTerms}
 * @param factors how many times rarer than the threshold a score is from medium, high and critical severity on
 * @param reviewShare see {@link PolicyTerms}
 */
public record AlertSettings(
        double budget, double targetPrecision, Duration coolDown, Factors factors, double reviewShare) {

    /** Severity steps, ascending. */
    public record Factors(double medium, double high, double critical) {}

    public AlertSettings {
        if (!(targetPrecision >= 0 && targetPrecision <= 1)) {
            throw new IllegalArgumentException("outrider.alert.target-precision must be in [0, 1]: " + targetPrecision);
        }
    }

    /** Reads {@code outrider.alert} from the whole configuration; ConfigException names the bad key. */
    public static AlertSettings read(Config config) {
        Config alert = config.getConfig("outrider.alert");
        AlertSettings settings = new AlertSettings(
                alert.getDouble("budget"),
                alert.getDouble("target-precision"),
                alert.getDuration("cool-down"),
                new Factors(
                        alert.getDouble("severity.medium-factor"),
                        alert.getDouble("severity.high-factor"),
                        alert.getDouble("severity.critical-factor")),
                alert.getDouble("review-share"));
        try {
            settings.terms(0); // the terms check the numbers
            settings.withoutLabels();
        } catch (IllegalArgumentException e) {
            throw new ConfigException.BadValue(alert.origin(), "outrider.alert", String.valueOf(e.getMessage()), e);
        }
        return settings;
    }

    /** Where the threshold goes without labels. */
    public ThresholdRule withoutLabels() {
        return new ThresholdRule.AlertBudget(budget);
    }

    /** Where the threshold goes with labels. */
    public ThresholdRule withLabels() {
        return targetPrecision > 0 ? new ThresholdRule.TargetPrecision(targetPrecision) : new ThresholdRule.BestF1();
    }

    /** The terms of a model with the given threshold. */
    public PolicyTerms terms(double rawThreshold) {
        return new PolicyTerms(
                rawThreshold, coolDown, factors.medium(), factors.high(), factors.critical(), reviewShare);
    }
}
