package io.outrider.detection.store;

import io.outrider.core.event.Label;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All labels by transaction, in memory: about 400 bytes each. Thread-safe. */
final class LabelBook {

    private static final Comparator<Label> AS_THEY_CAME =
            Comparator.comparingLong(Label::knownSinceMs).thenComparingInt(Label::version);

    private final Map<Key, List<Label>> labels = new ConcurrentHashMap<>();

    private record Key(String account, String transactionId) {}

    /** Takes a label; one that is there already changes nothing. */
    void take(Label label) {
        labels.compute(new Key(label.account(), label.transactionId()), (key, known) -> {
            if (known != null && known.contains(label)) {
                return known;
            }
            List<Label> more = new ArrayList<>(known == null ? List.of() : known);
            more.add(label);
            more.sort(AS_THEY_CAME);
            return List.copyOf(more);
        });
    }

    /** Forgets all labels of an account. */
    void erase(String account) {
        labels.keySet().removeIf(key -> key.account().equals(account));
    }

    /** All labels of a transaction, as they became known. */
    List<Label> history(String account, String transactionId) {
        return labels.getOrDefault(new Key(account, transactionId), List.of());
    }

    /** The one that counts; null if there is none. */
    @Nullable
    Label counting(String account, String transactionId) {
        Label counting = null;
        for (Label label : history(account, transactionId)) {
            if (counting == null || label.replaces(counting)) {
                counting = label;
            }
        }
        return counting;
    }
}
