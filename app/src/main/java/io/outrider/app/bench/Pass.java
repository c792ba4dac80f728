package io.outrider.app.bench;

import java.io.IOException;

/** Takes all events from the broker once and publishes the alerts. For one use. */
interface Pass {

    /**
     * Runs and measures.
     *
     * @param name of the pass; its alerts go to {@link BenchWorld#alertsOf} that
     * @param events how many there are
     * @param alerts how many alerts they raise, or -1 if nobody knows
     */
    Meter.Measurement run(String name, long events, long alerts) throws IOException;

    /** How many alerts it raised. */
    long alerts();
}
