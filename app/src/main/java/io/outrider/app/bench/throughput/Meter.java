package io.outrider.app.bench.throughput;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Measures a pass from its first event that is done to its last, so that starting up does not count. */
final class Meter {

    private static final Duration STALLED = Duration.ofSeconds(90);
    private static final long LOOK_NANOS = 1_000_000;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Meter() {}

    /**
     * What a pass took.
     *
     * @param cpuSecondsPerMillion CPU time of this process, all threads, per million events
     */
    record Measurement(double eventsPerSecond, double cpuSecondsPerMillion) {}

    /**
     * Waits for a pass.
     *
     * @param done events done so far
     * @param total how many there are
     * @param settled whether all that followed from them is done too
     * @throws IllegalStateException if nothing is done any more
     */
    static Measurement measure(LongSupplier done, long total, BooleanSupplier settled) {
        long first = await(done, 0);
        long startNanos = System.nanoTime();
        long startCpu = PROCESS.getProcessCpuTime();
        long last = first;
        long lastNanos = startNanos;
        while (last < total || !settled.getAsBoolean()) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = done.getAsLong();
            if (now > last) {
                last = now;
                lastNanos = System.nanoTime();
            } else if (System.nanoTime() - lastNanos > STALLED.toNanos()) {
                throw new IllegalStateException(
                        "stalled: " + now + " of " + total + " events done, and not all of what followed from them");
            }
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double cpuSeconds = (PROCESS.getProcessCpuTime() - startCpu) / 1e9;
        long counted = total - first;
        return new Measurement(counted / seconds, cpuSeconds / counted * 1e6);
    }

    private static long await(LongSupplier done, long above) {
        long deadline = System.nanoTime() + STALLED.toNanos();
        while (done.getAsLong() <= above) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no event was done within " + STALLED.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return done.getAsLong();
    }
}
