package io.outrider.detection.store;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.AlertFilter;
import io.outrider.lake.alert.RowScan;
import io.outrider.lake.alert.StoredRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alerts of memory and lake together, newest first, each id once. For one thread. */
final class AlertScan implements AutoCloseable {

    private static final Comparator<Alert> NEWEST_FIRST = Comparator.comparingLong(
                    (Alert alert) -> alert.transaction().eventTimeMs())
            .thenComparing(Alert::id)
            .reversed();

    private final List<Alert> recent;
    private final RowScan stored;
    private int at;
    private @Nullable Alert storedHead;

    /** @param recent those in memory, in any order */
    AlertScan(List<Alert> recent, AlertFilter.Period period, RowScan stored) throws IOException {
        this.recent = new ArrayList<>(recent);
        this.recent.removeIf(alert -> !period.contains(alert.transaction().eventTimeMs()));
        this.recent.sort(NEWEST_FIRST);
        this.stored = stored;
        advance();
    }

    /** The next alert; null at the end. */
    @Nullable
    Alert next() throws IOException {
        Alert memory = at < recent.size() ? recent.get(at) : null;
        Alert lake = storedHead;
        if (memory == null && lake == null) {
            return null;
        }
        int order = memory == null ? 1 : lake == null ? -1 : NEWEST_FIRST.compare(memory, lake);
        if (order <= 0) {
            at++;
        }
        if (order >= 0) {
            advance();
        }
        return order <= 0 ? memory : lake;
    }

    private void advance() throws IOException {
        StoredRow row = stored.next();
        storedHead = row == null ? null : AlertCodec.decode(row.document());
    }

    @Override
    public void close() throws IOException {
        stored.close();
    }
}
