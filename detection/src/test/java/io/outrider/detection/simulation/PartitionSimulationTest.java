package io.outrider.detection.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Guarantees 1, 2, 3 and 7 of the design, under random interleavings, losses, repetitions, crashes, freezes and zombies.
 * {@code -Doutrider.seed=N} runs one schedule, {@code -Doutrider.schedules=N} so many.
 */
@ExtendWith(Unlogged.class)
class PartitionSimulationTest {

    @Test
    void everyEventIsFoldedOnceAndDecidedOnceWhateverHappens() {
        Long seed = Long.getLong("outrider.seed");
        long first = seed == null ? 1 : seed;
        long last = seed == null ? Long.getLong("outrider.schedules", 400) : seed;
        assertHold(first, last);
    }

    /** The new plan's states are those of a plain fold of the whole log, and each event is decided under one plan, once. */
    @Test
    void theSameHoldsWhileTheFeaturePlanChanges() {
        assertHold(Schedules.PLANNED + 1, Schedules.PLANNED + Long.getLong("outrider.schedules", 200));
    }

    private static void assertHold(long first, long last) {
        for (long each = first; each <= last; each++) {
            assertThat(Schedules.violation(each))
                    .as("schedule of -Doutrider.seed=%d", each)
                    .isNull();
        }
    }
}
