package io.outrider.detection.protocol;

import io.outrider.core.event.EventGroup;
import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.ContextChange;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Contexts that came into force further on in the log before the partition went back to an earlier checkpoint. They are
 * put in force again at the same offsets, so that the replay decides as the first time did. Usually there are none.
 */
final class RecordedChanges {

    private final Deque<ContextChange> ahead;

    RecordedChanges(CheckpointManifest manifest) {
        this.ahead = new ArrayDeque<>(manifest.changesAhead());
    }

    boolean isEmpty() {
        return ahead.isEmpty();
    }

    /** The next change if it is due at an offset and is one from the context in force; null otherwise. */
    @Nullable
    ContextRef due(long nextOffset, ContextRef inForce) {
        while (!ahead.isEmpty() && ahead.getFirst().offset() <= nextOffset) {
            if (!ahead.getFirst().context().equals(inForce)) {
                return ahead.getFirst().context();
            }
            ahead.removeFirst();
        }
        return null;
    }

    /** The part of a group that comes before the next change. */
    EventGroup before(EventGroup group) {
        return ahead.isEmpty() ? group : group.before(ahead.getFirst().offset());
    }
}
