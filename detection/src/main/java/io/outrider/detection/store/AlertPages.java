package io.outrider.detection.store;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.port.AlertSearch.Found;
import io.outrider.core.port.AlertSearch.Order;
import io.outrider.core.port.AlertSearch.Page;
import io.outrider.detection.alert.RecentAlerts;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.RowFilter;
import io.outrider.lake.alert.StoreManifest;
import io.outrider.lake.alert.StoredTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Pages of alerts, by time or by rank, out of memory and the lake's files. Each begins by reading the manifest and only then what is in
 * memory, so an alert that has left memory since is in the files, or the page says that some may be missing. Thread-safe; blocks.
 */
final class AlertPages {

    private final AlertFiles files;
    private final RecentAlerts recent;
    private final AlertStore.Topic alerts;
    private final AlertStore.Labels labels;

    private record Ranked(AlertPlace place, Found found) {}

    AlertPages(AlertFiles files, RecentAlerts recent, AlertStore.Topic alerts, AlertStore.Labels labels) {
        this.files = files;
        this.recent = recent;
        this.alerts = alerts;
        this.labels = labels;
    }

    /**
     * A page.
     *
     * @param after where the page before ended; null for the first
     */
    Page page(AlertFilter filter, Order order, @Nullable AlertPlace after, int limit) throws IOException {
        StoreManifest manifest = files.current().manifest();
        RecentAlerts.Recent memory = recent.recent();
        List<Ranked> items = new ArrayList<>();
        AlertFilter.Period period = period(filter, order, after);
        RowFilter rows = new RowFilter(period, filter.account(), filter.merchant(), filter.modelVersion(), null, null);
        try (AlertScan scan = new AlertScan(memory.alerts(), period, files.scan(manifest, StoredTable.ALERTS, rows))) {
            if (order == Order.NEWEST) {
                for (Ranked next = next(scan, filter, order, after);
                        next != null;
                        next = next(scan, filter, order, after)) {
                    items.add(next);
                    if (items.size() > limit) {
                        break;
                    }
                }
            } else {
                items.addAll(first(scan, filter, order, after, limit + 1));
            }
        }
        String next =
                items.size() <= limit ? null : items.get(limit - 1).place().cursor();
        return new Page(
                items.stream().limit(limit).map(Ranked::found).toList(),
                next,
                !labels.complete().getAsBoolean() || isGap(memory.keptFrom(), manifest));
    }

    /** The first of a whole period by rank, with no more than that in memory. */
    private List<Ranked> first(AlertScan scan, AlertFilter filter, Order order, @Nullable AlertPlace after, int count)
            throws IOException {
        Comparator<Ranked> firstToLast = Comparator.comparing(Ranked::place, AlertPlace.FIRST_TO_LAST);
        PriorityQueue<Ranked> kept = new PriorityQueue<>(firstToLast.reversed());
        for (Ranked next = next(scan, filter, order, after); next != null; next = next(scan, filter, order, after)) {
            kept.add(next);
            if (kept.size() > count) {
                kept.poll();
            }
        }
        return kept.stream().sorted(firstToLast).toList();
    }

    private @Nullable Ranked next(AlertScan scan, AlertFilter filter, Order order, @Nullable AlertPlace after)
            throws IOException {
        for (Alert alert = scan.next(); alert != null; alert = scan.next()) {
            AlertPlace place = AlertPlace.of(order, alert);
            if (after == null || place.isBehind(after)) {
                Found found = labels.of(alert);
                if (filter.matches(alert, found.label())) {
                    return new Ranked(place, found);
                }
            }
        }
        return null;
    }

    private static AlertFilter.Period period(AlertFilter filter, Order order, @Nullable AlertPlace after) {
        AlertFilter.Period asked = filter.period();
        return order == Order.NEWEST && after != null
                ? new AlertFilter.Period(asked.fromMs(), Math.min(asked.toMs(), after.timeMs() + 1))
                : asked;
    }

    private boolean isGap(Map<Integer, Long> keptFrom, StoreManifest manifest) {
        return keptFrom.entrySet().stream()
                .anyMatch(
                        kept -> manifest.position(alerts.name(), alerts.generation(), kept.getKey()) < kept.getValue());
    }
}
