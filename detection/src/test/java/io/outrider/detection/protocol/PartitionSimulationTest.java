package io.outrider.detection.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Guarantees 1 to 3 of the design, under random interleavings, losses, repetitions, crashes and zombies. */
class PartitionSimulationTest {

    @Property(tries = 150)
    void everyEventIsFoldedOnceAndDecidedOnceWhateverIsLost(@ForAll long seed) throws IOException {
        check(new PartitionSimulation(seed, 120, 0.02));
    }

    @Property(tries = 40)
    void everyEventIsFoldedOnceAndDecidedOnceWhenNothingIsLost(@ForAll long seed) throws IOException {
        check(new PartitionSimulation(seed, 200, 0));
    }

    private static void check(PartitionSimulation world) throws IOException {
        assertThat(world.run()).as("comes to an end").isTrue();
        assertThat(world.states()).isEqualTo(world.expectedStates());
        for (long offset = 0; offset < world.records(); offset++) {
            if (world.isBad(offset)) {
                assertThat(world.deadLetters).contains(offset);
            } else {
                assertThat(world.verdicts.get(offset))
                        .as("verdicts on %s", offset)
                        .hasSize(1);
            }
        }
    }
}
