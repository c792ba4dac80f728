package io.outrider.app.bench.throughput;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** How a pass's events come, and how the time for them is taken. For one pass. */
interface Load {

    /**
     * Waits until the pass has done them all.
     *
     * @param done events that it has done so far
     * @param settled whether all that followed from them is done too
     * @throws IllegalStateException if nothing is done any more
     */
    Meter.Measurement measure(LongSupplier done, BooleanSupplier settled) throws IOException;

    /** All of them lie in the topic before the pass begins. */
    static Load backlog(long events) {
        return (done, settled) -> Meter.measure(done, events, settled);
    }
}
