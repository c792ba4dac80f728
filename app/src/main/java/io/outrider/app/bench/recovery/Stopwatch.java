package io.outrider.app.bench.recovery;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Time and CPU time of this process from its creation on, and what the process holds. */
final class Stopwatch {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private final long startNanos = System.nanoTime();
    private final long startCpuNanos = PROCESS.getProcessCpuTime();

    RecoveryReport.Took took() {
        return new RecoveryReport.Took(
                (System.nanoTime() - startNanos) / 1e9, (PROCESS.getProcessCpuTime() - startCpuNanos) / 1e9);
    }

    /** Bytes on the heap that are reachable, after full collections. */
    static long liveHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, MEMORY.getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
