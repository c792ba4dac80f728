package io.outrider.ingestion.simulator;

/**
 * A verdict on an earlier event.
 *
 * @param timeMs when it became known
 * @param json the label as the {@code labels} topic carries it
 */
public record SimulatedLabel(long timeMs, String account, byte[] json) implements SimulatedRecord {}
