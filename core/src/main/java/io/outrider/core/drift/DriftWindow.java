package io.outrider.core.drift;

import java.time.Duration;

/**
 * A day of whole hours: what is tested at a time, and what it is tested against. The hour that runs belongs to none, for a part of
 * an hour against whole ones looks as though its time of day had become rare.
 *
 * @param endHour the first hour after it, counted from 1970
 */
public record DriftWindow(long endHour) {

    private static final int HOURS = 24;
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    /** The day that ends with the last hour that is over. */
    public static DriftWindow lastOf(long nowMs) {
        return new DriftWindow(Math.floorDiv(nowMs, HOUR_MS));
    }

    /** The same time of the day so many days before. */
    public DriftWindow daysBefore(int days) {
        return new DriftWindow(endHour - (long) days * HOURS);
    }

    /** Its first hour. */
    public long firstHour() {
        return endHour - HOURS;
    }

    /** Whether the hour is one of its. */
    public boolean has(long hour) {
        return hour >= firstHour() && hour < endHour;
    }

    public long fromMs() {
        return firstHour() * HOUR_MS;
    }

    public long untilMs() {
        return endHour * HOUR_MS;
    }
}
