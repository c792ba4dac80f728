package io.outrider.detection.protocol;

import io.outrider.core.alert.Alert;
import io.outrider.core.trace.EventTrace;
import org.jspecify.annotations.Nullable;

/**
 * An alert and the append time of its record, from which its latency counts.
 *
 * @param trace of the event, if it is sampled
 */
public record RaisedAlert(
        Alert alert, long appendTimeMs, @Nullable EventTrace trace) {

    /** Of an event that is not sampled. */
    public RaisedAlert(Alert alert, long appendTimeMs) {
        this(alert, appendTimeMs, null);
    }
}
