package io.outrider.detection.scoring;

import io.outrider.core.model.ContextRef;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a partition's run decides under, now or next: stays loaded in the {@link SharedScorer}, however many others are, until it is
 * let go. Thread-safe.
 */
public final class HeldContexts implements AutoCloseable {

    private final SharedScorer scorer;
    private final Set<ContextRef> held = ConcurrentHashMap.newKeySet();

    HeldContexts(SharedScorer scorer) {
        this.scorer = scorer;
    }

    /** Holds a context besides the others; blocks where it is not held yet. IOException if it cannot be loaded. */
    public void hold(ContextRef ref) throws IOException {
        if (held.add(ref)) {
            try {
                scorer.load(ref);
            } catch (IOException | RuntimeException e) {
                held.remove(ref);
                throw e;
            }
        }
    }

    /** Lets all others go. */
    public void keepOnly(ContextRef ref) {
        held.retainAll(Set.of(ref));
    }

    void addTablesTo(Set<Long> versions) {
        held.forEach(ref -> versions.add(ref.riskVersion()));
    }

    /** Lets all go. */
    @Override
    public void close() {
        scorer.letGo(this);
    }
}
