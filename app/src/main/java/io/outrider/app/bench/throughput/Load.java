package io.outrider.app.bench.throughput;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** How a pass's events come, and how the time for them is taken. For one pass. */
interface Load {

    Duration CATCH_UP_LIMIT = Duration.ofMinutes(5);

    /**
     * Waits until the pass has done them all.
     *
     * @param done events that it has done so far
     * @param settled whether all that followed from them is done too
     * @throws IllegalStateException if nothing is done any more
     */
    Meter.Measurement measure(LongSupplier done, BooleanSupplier settled) throws IOException;

    /**
     * All of them lie in the topic before the pass begins.
     *
     * @param before how many come before those that are measured
     */
    static Load backlog(long before, long events) {
        return (done, settled) -> {
            awaitDone(done, before);
            return Meter.measure(() -> done.getAsLong() - before, events, settled);
        };
    }

    /** Waits for the pass to have done so many. */
    static void awaitDone(LongSupplier done, long events) {
        long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
        while (done.getAsLong() < events) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not caught up within " + CATCH_UP_LIMIT.toMinutes() + " minutes");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
