package io.outrider.ingestion.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** The partitions that are assigned to one stream, and those whose sources the connector offers. Thread-safe. */
final class AssignedPartitions {

    private final IntFunction<AssignedPartition> fresh;
    private final Map<Integer, AssignedPartition> owned = new HashMap<>();

    /**
     * What is not assigned, though the connector has offered its source: one whose stream was cancelled as it was
     * revoked. It waits here for its next assignment, with which the connector will not offer it again.
     */
    private final Map<Integer, AssignedPartition> early = new HashMap<>();

    private volatile int count;
    private boolean givenUp;

    AssignedPartitions(IntFunction<AssignedPartition> fresh) {
        this.fresh = fresh;
    }

    int count() {
        return count;
    }

    synchronized boolean owns(int partition) {
        return owned.containsKey(partition);
    }

    /** Assigns them, and claims those that were not already. */
    void assign(Set<Integer> partitions) {
        List<AssignedPartition> unclaimed = new ArrayList<>();
        synchronized (this) {
            for (int partition : partitions) {
                if (!owned.containsKey(partition)) {
                    AssignedPartition offered = early.remove(partition);
                    AssignedPartition next = offered == null ? create(partition) : offered;
                    owned.put(partition, next);
                    unclaimed.add(next);
                }
            }
            count = owned.size();
        }
        unclaimed.forEach(AssignedPartition::claim);
    }

    /** Whose source the connector offers. One that it offers again, its stream having failed, is claimed anew, after a pause. */
    AssignedPartition offered(int partition) {
        AssignedPartition known;
        AssignedPartition anew;
        synchronized (this) {
            known = owned.get(partition);
            if (known == null) {
                known = early.computeIfAbsent(partition, this::create);
            }
            if (known.offer()) {
                return known;
            }
            known.end();
            anew = create(partition);
            anew.offer();
            if (owned.replace(partition, anew) == null) {
                early.put(partition, anew);
                return anew;
            }
        }
        anew.claimAfter(known);
        return anew;
    }

    /** One that comes after all was given up is given up at once: the connector would let its stream go on. */
    private AssignedPartition create(int partition) {
        AssignedPartition created = fresh.apply(partition);
        if (givenUp) {
            created.giveUp();
        }
        return created;
    }

    /** Fails the streams of those of these that are streamed already. */
    void abort(Set<Integer> partitions, String reason) {
        List<AssignedPartition> streaming = new ArrayList<>();
        synchronized (this) {
            for (int partition : partitions) {
                AssignedPartition known = owned.get(partition);
                if (known != null && known.isStreaming()) {
                    streaming.add(known);
                }
            }
        }
        streaming.forEach(partition -> partition.abort(reason));
    }

    /** Ends those of these that are assigned, and says which. */
    synchronized Set<Integer> end(Set<Integer> partitions) {
        Set<Integer> ended = new HashSet<>();
        for (int partition : partitions) {
            AssignedPartition assigned = owned.remove(partition);
            if (assigned != null) {
                assigned.end();
                ended.add(partition);
            }
        }
        count = owned.size();
        return ended;
    }

    Set<Integer> endAll() {
        Set<Integer> all;
        synchronized (this) {
            all = new HashSet<>(owned.keySet());
        }
        return end(all);
    }

    /** Nothing begins any more, and what streams ends. */
    void giveUp() {
        List<AssignedPartition> all;
        synchronized (this) {
            givenUp = true;
            all = new ArrayList<>(owned.values());
            all.addAll(early.values());
        }
        all.forEach(AssignedPartition::giveUp);
    }
}
