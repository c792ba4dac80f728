package io.outrider.ingestion.simulator;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.time.Duration;

/**
 * The simulated world ({@code outrider.simulator}).
 *
 * @param accounts how many there are
 * @param merchants how many there are
 * @param eventsPerDay of an average account, in event time
 * @param anomalyShare of events that are injected anomalies, about
 * @param labelDelay from an anomalous event to its label, on average, in event time
 * @param seed same seed, same world
 */
public record SimulatorSettings(
        Profile profile,
        int accounts,
        int merchants,
        double eventsPerDay,
        double anomalyShare,
        Duration labelDelay,
        long seed) {

    private static final String AT = "outrider.simulator.";

    public SimulatorSettings {
        Setting.require(
                accounts >= 1 && accounts <= 10_000_000, AT + "accounts", "must be from 1 to 10,000,000: " + accounts);
        Setting.require(merchants >= 1, AT + "merchants", "must be at least 1: " + merchants);
        Setting.require(
                eventsPerDay > 0 && eventsPerDay <= 10_000,
                AT + "events-per-day",
                "must be above 0 and at most 10,000: " + eventsPerDay);
        Setting.require(
                anomalyShare >= 0 && anomalyShare <= 0.5,
                AT + "anomaly-share",
                "must be from 0 to 0.5: " + anomalyShare);
        Setting.require(
                !labelDelay.isNegative() && labelDelay.toDays() <= 60,
                AT + "label-delay",
                "must be from 0 to 60 days: " + labelDelay);
    }

    /** Reads {@code outrider.simulator} of the whole configuration. */
    public static SimulatorSettings from(Config root) {
        Config simulator = root.getConfig("outrider.simulator");
        return new SimulatorSettings(
                Profile.named(simulator.getString("profile")),
                simulator.getInt("accounts"),
                simulator.getInt("merchants"),
                simulator.getDouble("events-per-day"),
                simulator.getDouble("anomaly-share"),
                simulator.getDuration("label-delay"),
                simulator.getLong("seed"));
    }
}
