package io.outrider.detection.rollout;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What follows from drift, under {@code outrider.rollout.drift}; each is explained in {@code reference.conf}.
 *
 * @param lookInterval how often it is looked for
 * @param confirmLooks in how many looks on end the same must be found before a model is asked for
 * @param retrain whether a model is asked for at all
 */
public record DriftSettings(Duration lookInterval, int confirmLooks, boolean retrain) {

    private static final String ROOT = "outrider.rollout.drift.";

    public DriftSettings {
        if (lookInterval.toMillis() < 1) {
            throw new IllegalArgumentException(ROOT + "look-interval must be at least 1 ms, is " + lookInterval);
        }
        if (confirmLooks < 1) {
            throw new IllegalArgumentException(ROOT + "confirm-looks must be at least 1, is " + confirmLooks);
        }
    }

    static DriftSettings from(Config drift) {
        return new DriftSettings(
                drift.getDuration("look-interval"), drift.getInt("confirm-looks"), drift.getBoolean("retrain"));
    }
}
