package io.outrider.training.etl;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * How much of its time a replay works: after every few milliseconds of work it rests for the remainder, so that what else the
 * node does finds its cores free again soon, and the heap fills more slowly. Priorities of threads would be simpler and do
 * nothing: the JVM ignores them on Linux. For one thread.
 */
final class ReplayPace {

    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Most that is made up for at once, where the work was slow for other reasons, such as a lake that was waited for. */
    private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final double restPerWork;
    private long begunNanos = System.nanoTime();

    /** @param share of its time that it works, above 0 to 1 */
    ReplayPace(double share) {
        restPerWork = (1 - share) / share;
    }

    /** Between two records: rests where enough was worked. */
    void step() throws InterruptedIOException {
        if (restPerWork == 0) {
            return;
        }
        long workedNanos = System.nanoTime() - begunNanos;
        if (workedNanos >= WORK_NANOS) {
            rest(Math.min(LONGEST_REST_NANOS, (long) (workedNanos * restPerWork)));
            begunNanos = System.nanoTime();
        }
    }

    private static void rest(long nanos) throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a partition was replayed");
        }
    }
}
