package io.outrider.detection.rollout;

import com.typesafe.config.Config;
import io.outrider.core.rollout.Breaker;
import io.outrider.core.rollout.PredictedAlerts;
import io.outrider.core.rollout.PromotionGate;
import io.outrider.core.setting.Setting;
import java.time.Duration;

/**
 * The rollout's settings, under {@code outrider.rollout}; each is explained in {@code reference.conf}.
 *
 * @param automatic whether a newly trained model becomes challenger, and a challenger that passes the gate champion, without
 *     being asked for
 * @param publishInterval how often a node publishes its counts
 * @param lookInterval how often they are looked at
 * @param keep how long counts of nodes that ended are kept
 * @param minDuration how long a challenger is compared at least before it is promoted without being asked for; 0 is no time
 * @param giveUpAfter how long a challenger that the gate refuses is compared where promotion is automatic; 0 is for ever
 * @param watchPeriod how long the breaker watches a model that has come into force
 * @param maxLatency decisions slower than this count as slow
 * @param driftInterval how often a node publishes what it counts of the traffic
 * @param drift what follows from drift
 */
public record RolloutSettings(
        boolean automatic,
        Duration publishInterval,
        Duration lookInterval,
        Duration keep,
        PromotionGate gate,
        Duration minDuration,
        Duration giveUpAfter,
        Breaker breaker,
        Duration watchPeriod,
        Duration maxLatency,
        Duration driftInterval,
        DriftSettings drift) {

    private static final String ROOT = "outrider.rollout.";

    public RolloutSettings {
        positive("publish-interval", publishInterval);
        positive("look-interval", lookInterval);
        positive("keep", keep);
        Setting.require(!minDuration.isNegative(), ROOT + "gate.min-duration", "must not be negative: " + minDuration);
        Duration needed = Duration.ofDays(gate.minBacktestDays());
        needed = minDuration.compareTo(needed) > 0 ? minDuration : needed;
        Setting.require(
                giveUpAfter.isZero() || giveUpAfter.compareTo(needed) > 0,
                ROOT + "gate.give-up-after",
                "must be longer than gate.min-duration and gate.min-backtest-days, or 0: " + giveUpAfter);
        positive("breaker.watch-period", watchPeriod);
        positive("breaker.max-latency", maxLatency);
        positive("drift-interval", driftInterval);
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    public static RolloutSettings from(Config root) {
        Config config = root.getConfig("outrider.rollout");
        double maxShare = config.getDouble("max-alert-share");
        return new RolloutSettings(
                automatic(config.getString("promotion")),
                config.getDuration("publish-interval"),
                config.getDuration("look-interval"),
                config.getDuration("keep"),
                new PromotionGate(
                        config.getLong("gate.min-events"),
                        config.getDouble("gate.min-overlap"),
                        config.getDouble("gate.min-correlation"),
                        config.getLong("gate.min-labels"),
                        config.getInt("gate.min-backtest-days"),
                        new PredictedAlerts.Rule(ROOT + "gate", config.getDouble("gate.tolerance"), maxShare)),
                config.getDuration("gate.min-duration"),
                config.getDuration("gate.give-up-after"),
                new Breaker(
                        config.getLong("breaker.min-events"),
                        new PredictedAlerts.Rule(ROOT + "breaker", config.getDouble("breaker.tolerance"), maxShare),
                        config.getLong("breaker.max-lost-runs"),
                        config.getDouble("breaker.max-slow-share")),
                config.getDuration("breaker.watch-period"),
                config.getDuration("breaker.max-latency"),
                config.getDuration("drift-interval"),
                DriftSettings.from(config.getConfig("drift")));
    }

    private static boolean automatic(String promotion) {
        Setting.require(
                promotion.equals("automatic") || promotion.equals("manual"),
                ROOT + "promotion",
                "must be manual or automatic: '" + promotion + "'");
        return promotion.equals("automatic");
    }

    private static void positive(String key, Duration value) {
        Setting.require(value.toMillis() >= 1, ROOT + key, "must be at least 1 ms: " + value);
    }
}
