package io.outrider.detection.simulation;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The partition's log: its records are fixed from the start, and become visible one after the other. */
final class SimulatedLog {

    private final List<@Nullable LoggedEvent> records = new ArrayList<>();
    private int written;

    SimulatedLog(Random random, int size, SimulatedFold fold, int accounts) {
        for (int offset = 0; offset < size; offset++) {
            boolean bad = random.nextInt(8) == 0;
            String account = "account-" + random.nextInt(accounts);
            boolean erasure = random.nextInt(25) == 0;
            records.add(bad ? null : erasure ? erasure(account, offset) : fold.event(account, offset));
        }
    }

    private static LoggedEvent erasure(String account, long offset) {
        return LoggedEvent.of(offset, 1_000 + offset, new Erasure("e" + offset, account));
    }

    int size() {
        return records.size();
    }

    /** Offset that the next record will get. */
    long written() {
        return written;
    }

    void grow(int by) {
        written = Math.min(records.size(), written + by);
    }

    /** The event at an offset, or null for a bad record. */
    @Nullable
    LoggedEvent event(long offset) {
        return records.get((int) offset);
    }

    /** The records of [from, to). */
    EventGroup group(long from, long to) {
        List<LoggedEvent> events = new ArrayList<>();
        List<DeadLetter> letters = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            LoggedEvent event = event(offset);
            if (event != null) {
                events.add(event);
            } else {
                Rejection reason = new Rejection(RejectionReason.NOT_JSON, "");
                letters.add(new DeadLetter("transactions", 0, offset, 0, null, null, reason));
            }
        }
        return new EventGroup(0, events, letters, to);
    }
}
