package io.outrider.training.supervisor;

import io.outrider.core.model.SplitMix;
import java.time.Duration;

/**
 * How long a run waits for its next attempt: twice as long each time, up to a limit, and a little more or less so that
 * runs that failed together are not tried together. The same seed, run and attempt give the same pause.
 *
 * @param first pause after the first attempt
 * @param longest no pause is longer, jitter aside
 * @param jitter share by which a pause may be longer or shorter, 0 to 1
 */
record Backoff(Duration first, Duration longest, double jitter, long seed) {

    private static final int MOST_DOUBLINGS = 30;

    Backoff {
        if (first.toMillis() < 1 || longest.compareTo(first) < 0 || !(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException(
                    "no backoff: " + first + " to " + longest + ", jitter " + jitter + " of 0 to 1");
        }
    }

    /** @param attempt the one that failed, from 1 */
    Duration pause(long run, int attempt) {
        double pauseMs = Math.min(
                (double) longest.toMillis(), first.toMillis() * Math.scalb(1.0, Math.min(attempt - 1, MOST_DOUBLINGS)));
        double chance = new SplitMix(SplitMix.mix(seed ^ SplitMix.mix(run)) + attempt).nextDouble();
        return Duration.ofMillis(Math.round(pauseMs * (1 + jitter * (2 * chance - 1))));
    }
}
