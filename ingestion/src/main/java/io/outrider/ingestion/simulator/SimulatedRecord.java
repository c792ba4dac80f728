package io.outrider.ingestion.simulator;

/** What a simulated world writes: events, and the labels that follow them. */
public sealed interface SimulatedRecord permits SimulatedEvent, SimulatedLabel {

    /** When it appears in the world, milliseconds since the epoch: an event's time, or when the label became known. */
    long timeMs();

    /** The account that it is about. */
    String account();

    /** Its JSON, UTF-8. */
    byte[] json();
}
