package io.outrider.ingestion.kafka;

import java.util.concurrent.locks.LockSupport;

/**
 * Holds a sender to a rate: event n is due n / rate seconds after the start. What was missed is caught up. For one
 * thread.
 */
public final class Pacer {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Below this waiting costs more than being early. */
    private static final long TOO_SHORT_NANOS = 500_000;

    private final double perSecond;
    private final long startNanos = System.nanoTime();
    private long sent;

    /** @param perSecond events a second; 0 for as fast as it goes */
    public Pacer(double perSecond) {
        if (!(perSecond >= 0)) {
            throw new IllegalArgumentException("a rate must not be negative: " + perSecond);
        }
        this.perSecond = perSecond;
    }

    /** Returns when the next event is due, or early when the thread is interrupted. */
    public void await() {
        if (perSecond == 0) {
            return;
        }
        long dueNanos = (long) (sent++ * NANOS_PER_SECOND / perSecond);
        long early = dueNanos - elapsedNanos();
        while (early > TOO_SHORT_NANOS && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(early);
            early = dueNanos - elapsedNanos();
        }
    }

    public long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }
}
