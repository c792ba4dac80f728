package io.outrider.core.drift;

import io.outrider.core.feature.Feature.Memory;
import io.outrider.core.model.SplitMix;
import java.util.List;

/** What tests of {@link DriftDetector} share: the detector as it is by default, and worlds of weekdays and weekends. */
final class DriftFixture {

    static final DriftDetector DETECTOR = new DriftDetector(0.01, 0.02, 0.1, 1_000);

    private DriftFixture() {}

    /** Columns that look back on nothing. */
    static List<Watched> columns(List<String> names) {
        return names.stream().map(name -> new Watched(name, Memory.NONE)).toList();
    }

    /** Counts of a system that is older than whatever looks back. */
    static Period old(DriftCounts counts) {
        return new Period(counts, Long.MAX_VALUE);
    }

    static boolean isWeekend(int day) {
        return Math.floorMod(day, 7) >= 5;
    }

    static double gauss(SplitMix random) {
        return Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }
}
