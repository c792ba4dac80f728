package io.outrider.ingestion.simulator;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The events of a traffic within [from, until), slice after slice. */
final class EventIterator implements Iterator<SimulatedEvent> {

    private final Traffic traffic;
    private final long fromMs;
    private final long untilMs;
    private long slice;
    private List<SimulatedEvent> events = List.of();
    private int at;

    EventIterator(Traffic traffic, long fromMs, long untilMs) {
        this.traffic = traffic;
        this.fromMs = fromMs;
        this.untilMs = untilMs;
        this.slice = Math.floorDiv(fromMs, traffic.sliceMs());
    }

    @Override
    public boolean hasNext() {
        while (true) {
            if (at == events.size()) {
                if (slice * traffic.sliceMs() >= untilMs) {
                    return false;
                }
                events = traffic.slice(slice++);
                at = 0;
            } else if (events.get(at).timeMs() < fromMs) {
                at++;
            } else {
                return events.get(at).timeMs() < untilMs;
            }
        }
    }

    @Override
    public SimulatedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return events.get(at++);
    }
}
