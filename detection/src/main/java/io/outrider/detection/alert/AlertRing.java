package io.outrider.detection.alert;

import io.outrider.core.alert.Alert;
import io.outrider.core.port.AlertFeed.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last alerts, each id once, in the order in which they were read. Bounded: a new one pushes the oldest out.
 * Thread-safe by its own lock; waiting for alerts is the caller's.
 */
final class AlertRing {

    /** An alert with its place: {@code partition} and {@code offset} on the alerts topic, {@code sequence} in the ring. */
    record Entry(long sequence, int partition, long offset, Item item) {}

    private final @Nullable Entry[] entries;
    private final Map<String, Entry> byId = new HashMap<>();
    private final Map<Integer, Long> position = new HashMap<>();

    /** Per partition, the offset from which on all alerts are kept. */
    private final Map<Integer, Long> oldest = new HashMap<>();

    private long next;

    /** Whether alerts before the next one are missing. */
    private boolean missed;

    AlertRing(int capacity) {
        entries = new @Nullable Entry[capacity];
    }

    /**
     * Reading of a partition begins at this offset: what lies below is not kept.
     *
     * @param missed whether reading was to go on below it
     */
    synchronized void begin(int partition, long offset, boolean missed) {
        position.merge(partition, offset, Math::max);
        oldest.merge(partition, offset, Math::max);
        this.missed |= missed;
    }

    /** Whether alerts that a reader at these offsets has not read are no longer kept. */
    synchronized boolean isBeforeKept(Map<Integer, Long> offsets) {
        for (Map.Entry<Integer, Long> kept : oldest.entrySet()) {
            if (offsets.getOrDefault(kept.getKey(), 0L) < kept.getValue()) {
                return true;
            }
        }
        return false;
    }

    /** All that are kept, and from which offset of each partition on that is all there are. */
    synchronized RecentAlerts.Recent recent() {
        List<Alert> alerts = new ArrayList<>();
        for (long sequence = start(); sequence < next; sequence++) {
            Entry entry = at(sequence);
            if (entry != null) {
                alerts.add(entry.item().alert());
            }
        }
        return new RecentAlerts.Recent(alerts, Map.copyOf(oldest));
    }

    /** Adds an alert unless its id is there already; the feed's position moves past it either way. */
    synchronized boolean add(int partition, long offset, Alert alert) {
        position.merge(partition, offset + 1, Math::max);
        if (byId.containsKey(alert.id())) {
            return false;
        }
        int slot = (int) (next % entries.length);
        Entry evicted = entries[slot];
        if (evicted != null) {
            byId.remove(evicted.item().alert().id());
            oldest.merge(evicted.partition(), evicted.offset() + 1, Math::max);
        }
        Entry entry = new Entry(next, partition, offset, new Item(AlertCursor.of(position), alert, missed));
        missed = false;
        entries[slot] = entry;
        byId.put(alert.id(), entry);
        next++;
        return true;
    }

    synchronized Optional<Alert> find(String id) {
        Entry entry = entry(id);
        return entry == null ? Optional.empty() : Optional.of(entry.item().alert());
    }

    /** An alert's entry, if it is still kept. */
    synchronized @Nullable Entry entry(String id) {
        return byId.get(id);
    }

    /** Sequence that the next alert will get. */
    synchronized long end() {
        return next;
    }

    /** Sequence of the oldest alert kept. */
    synchronized long start() {
        return Math.max(0, next - entries.length);
    }

    /** The alert of a sequence; null if it is not there yet or no longer. */
    synchronized @Nullable Entry at(long sequence) {
        if (sequence < start() || sequence >= next) {
            return null;
        }
        return entries[(int) (sequence % entries.length)];
    }
}
