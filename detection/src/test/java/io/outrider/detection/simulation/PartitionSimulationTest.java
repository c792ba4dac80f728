package io.outrider.detection.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Guarantees 1, 2, 3 and 7 of the design, under random interleavings, losses, repetitions, crashes, freezes and zombies.
 * {@code -Doutrider.seed=N} runs one schedule, {@code -Doutrider.schedules=N} so many.
 */
class PartitionSimulationTest {

    @Test
    void everyEventIsFoldedOnceAndDecidedOnceWhateverHappens() {
        Long seed = Long.getLong("outrider.seed");
        long first = seed == null ? 1 : seed;
        long last = seed == null ? Long.getLong("outrider.schedules", 400) : seed;
        for (long each = first; each <= last; each++) {
            assertThat(Schedules.violation(each))
                    .as("schedule of -Doutrider.seed=%d", each)
                    .isNull();
        }
    }
}
