package io.outrider.detection.simulation;

import io.outrider.core.event.Transaction;
import io.outrider.detection.Models;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which simulation a seed stands for: most fold lists of offsets, one in ten the features and alerts of production. */
public final class Schedules implements LongFunction<@Nullable String> {

    /** Schedules of higher seeds change the feature plan, too. */
    static final long PLANNED = 1_000_000;

    private static final int RECORDS = 120;

    /** What is wrong with the schedule of a seed; null if nothing is. */
    static @Nullable String violation(long seed) {
        SimulatedFold fold = seed > PLANNED ? new PlannedFold() : seed % 11 == 3 ? Scored.FOLD : new ListFold();
        Weather weather = switch ((int) (seed % 5)) {
            case 0 -> seed % 20 == 0 ? Weather.CALM : Weather.MIXED;
            case 1 -> Weather.ZOMBIES;
            case 2 -> Weather.HAUNTED;
            case 3 -> Weather.ROT;
            default -> Weather.MIXED;
        };
        return new PartitionSimulation(seed, fold, RECORDS, weather).violation();
    }

    /** The same, for those who loaded this class by its name. */
    @Override
    public @Nullable String apply(long seed) {
        return violation(seed);
    }

    /** Made once, and only where it is used. */
    private static final class Scored {

        static final SimulatedFold FOLD = new ScoredFold(new Models(history(), List.of(0.5, 0.1, 0.25)));

        private static List<Transaction> history() {
            return IntStream.range(0, 1_000)
                    .mapToObj(i -> ScoredFold.transaction("account-" + i % 5, i))
                    .toList();
        }
    }
}
