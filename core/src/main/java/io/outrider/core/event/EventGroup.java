package io.outrider.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive records of one partition, decoded: what one poll brought, or what gathered while the consumer was busy. In
 * offset order, but where the consumer was set back: there it begins again, with what the group has already brought.
 *
 * @param events the accepted events
 * @param deadLetters the rejected ones
 * @param nextOffset one past the last record of the group, good or bad; see {@link #whole}
 */
public record EventGroup(int partition, List<LoggedEvent> events, List<DeadLetter> deadLetters, long nextOffset) {

    /**
     * The same group, which ends behind its records: one that was gathered while the consumer was set back brings some a second
     * time, and may say that it ends behind the last of these.
     */
    public EventGroup whole() {
        long end = nextOffset;
        for (LoggedEvent event : events) {
            end = Math.max(end, event.offset() + 1);
        }
        for (DeadLetter letter : deadLetters) {
            end = Math.max(end, letter.offset() + 1);
        }
        return end == nextOffset ? this : new EventGroup(partition, events, deadLetters, end);
    }

    /** The part of the group that ends before one of its events, whose offset is above those before it. */
    public EventGroup first(int size) {
        return part(size, events.get(size).offset());
    }

    /** The part of the group that comes before an offset. */
    public EventGroup before(long offset) {
        if (nextOffset <= offset) {
            return this;
        }
        int size = 0;
        while (size < events.size() && events.get(size).offset() < offset) {
            size++;
        }
        return part(size, offset);
    }

    private EventGroup part(int size, long offset) {
        List<DeadLetter> letters =
                deadLetters.stream().filter(letter -> letter.offset() < offset).toList();
        return new EventGroup(partition, events.subList(0, size), letters, offset);
    }

    /** What is left of the group behind such a part; null if nothing is. */
    public @Nullable EventGroup behind(EventGroup part) {
        if (part.nextOffset() == nextOffset) {
            return null;
        }
        List<DeadLetter> letters = deadLetters.stream()
                .filter(letter -> letter.offset() >= part.nextOffset())
                .toList();
        return new EventGroup(partition, events.subList(part.events().size(), events.size()), letters, nextOffset);
    }
}
