package io.outrider.core.alert;

/** How urgent an alert is, from how far its score lies beyond the threshold. */
public enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
