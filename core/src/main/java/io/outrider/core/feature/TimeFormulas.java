package io.outrider.core.feature;

/** Features of the event time, in UTC. */
final class TimeFormulas {

    private static final long HOUR_MS = 3_600_000L;
    private static final long DAY_MS = 24 * HOUR_MS;

    private TimeFormulas() {}

    /** Hours since midnight, in [0, 24). */
    static double hour(long timeMs) {
        return Math.floorMod(timeMs, DAY_MS) / (double) HOUR_MS;
    }

    static long fullHour(long timeMs) {
        return Math.floorMod(timeMs, DAY_MS) / HOUR_MS;
    }

    static double hourSin(long timeMs) {
        return StrictMath.sin(hour(timeMs) * (StrictMath.PI / 12));
    }

    static double hourCos(long timeMs) {
        return StrictMath.cos(hour(timeMs) * (StrictMath.PI / 12));
    }

    /** 1 on Saturday and Sunday. Day 0 of the epoch was a Thursday. */
    static double weekend(long timeMs) {
        long dayFromMonday = Math.floorMod(Math.floorDiv(timeMs, DAY_MS) + 3, 7L);
        return dayFromMonday >= 5 ? 1 : 0;
    }
}
