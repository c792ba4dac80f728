package io.outrider.ingestion.simulator;

import io.outrider.core.event.EventSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;

/**
 * A simulated world as streams in event-time order. The same settings and times give the same bytes; a stream that
 * begins where another ended continues the same world without repeating an id.
 */
public final class Simulation {

    private final SimulatorSettings settings;
    private final EventSchema schema;

    /** @param schema the plan's event fields; the profile {@code uniform} has its own and ignores it */
    public Simulation(SimulatorSettings settings, EventSchema schema) {
        this.settings = settings;
        this.schema = schema;
    }

    /** The events of the days before {@code until}, which is exclusive; generated as fast as they are taken. */
    public Iterator<SimulatedEvent> history(Duration length, Instant until) {
        return new EventIterator(traffic(), until.minus(length).toEpochMilli(), until.toEpochMilli());
    }

    /** Everything from {@code from} on, without end: events, and labels when they become known. */
    public Iterator<SimulatedRecord> from(Instant from) {
        return new RecordIterator(settings, traffic(), from.toEpochMilli());
    }

    private Traffic traffic() {
        return switch (settings.profile()) {
            case CARDS -> new HabitTraffic(settings, Behaviour.CARDS, schema);
            case NETWORK_ACCESS -> new HabitTraffic(settings, Behaviour.NETWORK_USERS, schema);
            case SENSOR -> new SensorTraffic(settings, schema);
            case UNIFORM -> new UniformTraffic(settings.seed());
        };
    }
}
