package io.outrider.app.bench.throughput;

import java.io.IOException;

/** Takes all events from the broker once and publishes the alerts. For one use. */
interface Pass {

    /**
     * Runs and measures.
     *
     * @param name of the pass; its alerts go to a topic of that name
     * @param load how its events come
     * @param alerts how many alerts they raise, or -1 if nobody knows
     */
    Meter.Measurement run(String name, Load load, long alerts) throws IOException;
}
