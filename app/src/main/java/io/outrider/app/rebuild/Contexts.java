package io.outrider.app.rebuild;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.ContextChange;
import io.outrider.lake.checkpoint.EarlierCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What records are decided under in a rebuild: the old checkpoint's history of contexts as far as it goes back, and the
 * oldest of it before. Features depend on none of this; cool-downs, episodes and the recent scores do.
 */
final class Contexts {

    private final TreeMap<Long, ContextRef> byOffset;

    private Contexts(Map<Long, ContextRef> byOffset) {
        this.byOffset = new TreeMap<>(byOffset);
    }

    /**
     * One model for all if it is named, or if the old contexts are of another plan or other pseudonyms; then it is the plan's
     * champion, or the newest.
     */
    static Contexts of(
            @Nullable CheckpointManifest old,
            @Nullable String model,
            FeaturePlan plan,
            PseudonymKey pseudonyms,
            WantedPlan wanted)
            throws IOException {
        if (model != null) {
            return always(model);
        }
        if (old != null && old.planFingerprint().equals(pseudonyms.statesOf(plan.fingerprint()))) {
            return history(old);
        }
        return always(wanted.modelOf(plan));
    }

    private static Contexts always(String model) {
        return new Contexts(new TreeMap<>(Map.of(0L, new ContextRef(model, 0))));
    }

    private static Contexts history(CheckpointManifest old) {
        TreeMap<Long, ContextRef> byOffset = new TreeMap<>();
        EarlierCheckpoint previous = old.previous();
        byOffset.put(0L, previous == null ? old.context() : previous.context());
        long from = previous == null ? old.nextOffset() : previous.nextOffset();
        for (ContextChange change : old.changes()) {
            if (change.offset() >= from) { // of older ones, tables may be gone
                byOffset.put(change.offset(), change.context());
            }
        }
        return new Contexts(byOffset);
    }

    ContextRef at(long offset) {
        return Objects.requireNonNull(byOffset.floorEntry(offset), "there is an entry for 0")
                .getValue();
    }

    /** Changes behind an offset. */
    List<ContextChange> from(long offset) {
        List<ContextChange> changes = new ArrayList<>();
        byOffset.tailMap(offset, false).forEach((at, context) -> changes.add(new ContextChange(at, context)));
        return changes;
    }

    Set<ContextRef> all() {
        return new LinkedHashSet<>(byOffset.values());
    }
}
