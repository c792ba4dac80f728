package io.outrider.core.run;

import java.time.Instant;

/**
 * That a run is being stopped: its worker has been told and has not confirmed yet.
 *
 * @param as what it will have ended as: cancelled or timed out
 * @param at when it was told
 */
public record RunStop(RunState as, Instant at) {

    public RunStop {
        if (as != RunState.CANCELLED && as != RunState.TIMED_OUT) {
            throw new IllegalArgumentException("nothing is stopped to be " + as.wireName());
        }
    }
}
