package io.outrider.detection.simulation;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.DeadLetter;
import io.outrider.detection.protocol.ScoredRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The topics that detection writes: a record is appended some time after it was sent, and acknowledged still later. */
final class SimulatedBroker {

    private final Random random;
    private final List<Publication> pending = new ArrayList<>();

    /** All alerts on the topic that differ, by the offset they are of. */
    final Map<Long, Set<Alert>> alerts = new TreeMap<>();

    /** Offsets that have a dead letter on the topic. */
    final Set<Long> deadLetters = new TreeSet<>();

    /** Offsets whose scored transaction is on the topic. */
    final Set<Long> scored = new TreeSet<>();

    private static final class Publication {

        final SimulatedNode by;
        final Runnable append;
        final Runnable acknowledge;
        boolean appended;

        Publication(SimulatedNode by, Runnable append, Runnable acknowledge) {
            this.by = by;
            this.append = append;
            this.acknowledge = acknowledge;
        }
    }

    SimulatedBroker(Random random) {
        this.random = random;
    }

    void send(SimulatedNode by, Alert alert, Runnable acknowledge) {
        long offset = alert.receipt().position().offset();
        pending.add(new Publication(
                by, () -> alerts.computeIfAbsent(offset, any -> new HashSet<>()).add(alert), acknowledge));
    }

    void send(SimulatedNode by, DeadLetter letter, Runnable acknowledge) {
        pending.add(new Publication(by, () -> deadLetters.add(letter.offset()), acknowledge));
    }

    void send(SimulatedNode by, ScoredRecord record, Runnable acknowledge) {
        pending.add(new Publication(by, () -> scored.add(Long.valueOf(record.account())), acknowledge));
    }

    /** Appends a record, or acknowledges one. */
    void proceed() {
        if (pending.isEmpty()) {
            return;
        }
        int index = random.nextInt(pending.size());
        Publication publication = pending.get(index);
        if (!publication.appended) {
            publication.append.run();
            publication.appended = true;
        } else if (!publication.by.isFrozen()) {
            pending.remove(index);
            publication.acknowledge.run();
        }
    }

    /** The node has crashed: of what it had sent, some is appended all the same. */
    void drop(SimulatedNode by) {
        for (Publication publication : pending) {
            if (publication.by == by && !publication.appended && random.nextBoolean()) {
                publication.append.run();
            }
        }
        pending.removeIf(publication -> publication.by == by);
    }
}
