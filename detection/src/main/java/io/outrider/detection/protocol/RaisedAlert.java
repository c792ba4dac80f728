package io.outrider.detection.protocol;

import io.outrider.core.alert.Alert;

/** An alert and the append time of its record, from which its latency counts. */
public record RaisedAlert(Alert alert, long appendTimeMs) {}
