package io.outrider.ingestion.kafka;

import java.time.Duration;

/**
 * When to poll next, so that records that come quickly are taken by the hundred rather than by the dozen: a poll asks the
 * broker again and a group costs its partition a turn, however little is in them. Slow records, which would only be
 * late, and a backlog, which is there already, are not waited for. For one thread.
 */
final class PollPace {

    /** A pause pays if so many records are likely to come in it. */
    static final int WORTH = 64;

    /** A poll that brought so many, or as many as it may, has found a backlog. */
    static final int BACKLOG = 1_000;

    /** How far back the rate of records looks, ns. */
    private static final double WINDOW_NANOS = 100e6;

    private final long apartNanos;
    private final int backlog;

    private long lastNanos;
    private int lastRecords;
    /** Records a nanosecond: each counts less by e for every window that has passed since. */
    private double rate;

    /**
     * Begins now, by a clock that may start anywhere, as {@link System#nanoTime} does.
     *
     * @param apart from poll to poll, where it pays; zero for never
     * @param maxRecords most that a poll brings
     */
    PollPace(Duration apart, int maxRecords, long nowNanos) {
        this.apartNanos = apart.toNanos();
        this.backlog = Math.min(BACKLOG, maxRecords);
        this.lastNanos = nowNanos;
    }

    /**
     * How long to wait before the next poll, ns.
     *
     * @param wanted whether any records are; a poll for none only keeps the consumer alive
     */
    long waitNanos(boolean wanted, long nowNanos) {
        boolean quick = rate * apartNanos >= WORTH;
        boolean more = lastRecords > 0 && lastRecords < backlog;
        return quick && (more || !wanted) ? Math.max(0, lastNanos + apartNanos - nowNanos) : 0;
    }

    /** Takes what a poll has brought. */
    void polled(int records, long nowNanos) {
        rate = rate * Math.exp((lastNanos - nowNanos) / WINDOW_NANOS) + records / WINDOW_NANOS;
        lastNanos = nowNanos;
        lastRecords = records;
    }
}
