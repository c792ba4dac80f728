package io.outrider.core.pace;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much of its time batch work (a replay, a training, a backtest) works: after every few milliseconds of work it rests for the
 * remainder, so that what else the node does finds its cores free again soon, and the heap fills more slowly. Priorities of threads
 * would be simpler and do nothing: the JVM ignores them on Linux. When it rests changes nothing of what the work makes. For one
 * thread, but for {@link #FULL}.
 */
public final class Pace {

    /** Never rests; for any number of threads. */
    public static final Pace FULL = new Pace(1);

    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Most that is made up for at once, where the work was slow for other reasons, such as a lake that was waited for. */
    private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final double restPerWork;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private long begunNanos;

    /** Waits for so many nanoseconds. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    /** @param share of its time that it works, above 0 to 1 */
    public Pace(double share) {
        this(share, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    /**
     * With time of its own.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    public Pace(double share, LongSupplier nanoTime, Sleeper sleeper) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be above 0 and at most 1: " + share);
        }
        this.restPerWork = (1 - share) / share;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.begunNanos = nanoTime.getAsLong();
    }

    /** Whether it never rests. Work that does rest keeps to one thread, or its share would be that of each. */
    public boolean isFull() {
        return restPerWork == 0;
    }

    /**
     * Between two pieces of work: rests where enough was worked.
     *
     * @throws CancellationException if the thread is interrupted meanwhile; it stays interrupted
     */
    public void step() {
        if (isFull()) {
            return;
        }
        long workedNanos = nanoTime.getAsLong() - begunNanos;
        if (workedNanos >= WORK_NANOS) {
            rest(Math.min(LONGEST_REST_NANOS, (long) (workedNanos * restPerWork)));
            begunNanos = nanoTime.getAsLong();
        }
    }

    private void rest(long nanos) {
        try {
            sleeper.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted at work that rests in between");
        }
    }
}
