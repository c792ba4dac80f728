package io.outrider.ingestion.simulator;

import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;

/**
 * Events and labels in order of time, from an instant on. Labels of events before it that become known after it are
 * there too: the events of the longest possible delay are generated again for their labels alone.
 */
final class RecordIterator implements Iterator<SimulatedRecord> {

    private final Labels labels;
    private final Iterator<SimulatedEvent> events;
    private final PriorityQueue<SimulatedLabel> known =
            new PriorityQueue<>(Comparator.comparingLong(SimulatedLabel::timeMs));
    private SimulatedEvent next;

    RecordIterator(SimulatorSettings settings, Traffic traffic, long fromMs) {
        this.labels = new Labels(settings);
        Iterator<SimulatedEvent> earlier = new EventIterator(traffic, fromMs - labels.longestDelayMs(), fromMs);
        while (earlier.hasNext()) {
            SimulatedLabel label = labels.of(earlier.next());
            if (label != null && label.timeMs() >= fromMs) {
                known.add(label);
            }
        }
        this.events = new EventIterator(traffic, fromMs, Long.MAX_VALUE);
        this.next = events.next();
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public SimulatedRecord next() {
        SimulatedLabel label = known.peek();
        if (label != null && label.timeMs() <= next.timeMs()) {
            return known.remove();
        }
        SimulatedEvent event = next;
        SimulatedLabel later = labels.of(event);
        if (later != null) {
            known.add(later);
        }
        next = events.next();
        return event;
    }
}
