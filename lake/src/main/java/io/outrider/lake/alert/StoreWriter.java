package io.outrider.lake.alert;

import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.alert.AlertFiles.Current;
import io.outrider.lake.alert.StoreManifest.Obsolete;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows into the store, with the positions of the topics that they are from. Delivery: exactly once by position: rows and
 * positions come into force by one conditional write of the manifest, whatever is killed; a row that its topic has twice is
 * written twice at most, and read once.
 *
 * <p>One writer at a time. A second one, of which the first does not know, makes the first's next write fail with a
 * {@link StoreFencedException}. For one thread.
 */
public final class StoreWriter {

    /** Files of one level and day above which they are merged. */
    static final int MERGED_AT = 8;

    /** Days before the newest of a table's from which on a day is to be one file, as nothing is expected to come. */
    private static final int COLD_DAYS = 2;

    /** Files are not merged into ones larger than this; a file is held in memory while it is put into the lake. */
    private static final long LARGEST_MERGED_BYTES = 48L << 20;

    /** Who began to read under an older manifest has ended by then. */
    private static final Duration READ_ENDS = Duration.ofMinutes(10);

    /** A file that no manifest names and that is older is one of a writer that has died. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final AlertFiles files;
    private final Clock clock;
    private final String writer = UUID.randomUUID().toString().substring(0, 8);
    private final Map<StoredTable, List<StoredRow>> pending = new EnumMap<>(StoredTable.class);
    private final Map<String, Long> positions = new HashMap<>();
    private Current current;
    private int pendingRows;
    private int written;
    private boolean ofBeforeToo;

    /** Goes on from what is in the store. */
    public StoreWriter(AlertFiles files, Clock clock) throws IOException {
        this.files = files;
        this.clock = clock;
        this.current = files.current();
        deleteAbandoned();
    }

    /** What is in the store as this writer knows it. */
    public StoreManifest manifest() {
        return current.manifest();
    }

    /** Takes a row, to be written. */
    public void take(StoredTable table, StoredRow row) {
        pending.computeIfAbsent(table, unused -> new ArrayList<>()).add(row);
        pendingRows++;
    }

    /** Everything of a topic's partition below an offset has been taken. */
    public void position(String topic, String generation, int partition, long next) {
        positions.put(StoreManifest.key(topic, generation, partition), next);
    }

    /** Rows taken and not yet written. */
    public int pendingRows() {
        return pendingRows;
    }

    /** Writes what was taken. IOException, a fenced writer's included: begin anew with another writer. */
    public void commit() throws IOException {
        if (pendingRows == 0 && current.manifest().positions().entrySet().containsAll(positions.entrySet())) {
            return;
        }
        List<StoredFile> all = new ArrayList<>(current.manifest().files());
        for (Map.Entry<StoredTable, List<StoredRow>> rows : pending.entrySet()) {
            Map<String, TreeSet<StoredRow>> days = new TreeMap<>();
            for (StoredRow row : rows.getValue()) {
                if (rows.getKey().isErased(row, files.erasures())) {
                    continue; // its topic has it still
                }
                days.computeIfAbsent(date(row.timeMs()), day -> new TreeSet<>(StoredRow.NEWEST_FIRST))
                        .add(row);
            }
            for (Map.Entry<String, TreeSet<StoredRow>> day : days.entrySet()) {
                all.add(write(rows.getKey(), day.getKey(), day.getValue()));
            }
        }
        Map<String, Long> reached = new HashMap<>(current.manifest().positions());
        reached.putAll(positions);
        replace(current.manifest().next(reached, all, current.manifest().obsolete()));
        pending.clear();
        pendingRows = 0;
    }

    private StoredFile write(StoredTable table, String date, Iterable<StoredRow> rows) throws IOException {
        try (RowFile file = new RowFile(table)) {
            for (StoredRow row : rows) {
                file.add(row);
            }
            StoredFile stored = file.store(files, date, nextName(), 0);
            if (stored == null) {
                throw new IllegalStateException("a file without rows");
            }
            return stored;
        }
    }

    /**
     * Rewrites all files that have rows of accounts erased since, so that none has any more; what the files had is gone with
     * them, after those who read them have ended. Alerts that webhooks did not take are deleted, too. Reads the whole store, once
     * for all erasures that are new.
     */
    public void erase() throws IOException {
        List<String> known = files.erasures().requests().stream()
                .filter(request -> request.transactions() != null && request.labels() != null)
                .map(ErasureRequest::id)
                .toList();
        if (current.manifest().erased().containsAll(known)) {
            eraseOfBefore();
            return;
        }
        files.eraseUndelivered();
        List<StoredFile> kept = new ArrayList<>();
        List<StoredFile> replaced = new ArrayList<>();
        for (StoredFile file : current.manifest().files()) {
            StoredFile without = without(file);
            if (without == null || !without.equals(file)) {
                replaced.add(file);
            }
            if (without != null) {
                kept.add(without);
            }
        }
        replace(current.manifest().erased(kept, withObsolete(replaced), known));
    }

    private void eraseOfBefore() throws IOException {
        if (!ofBeforeToo && !current.manifest().erased().isEmpty()) {
            files.eraseUndeliveredOfBefore();
            ofBeforeToo = true;
        }
    }

    /** The file without erased rows: itself if it has none, null if it has no others. */
    private @Nullable StoredFile without(StoredFile file) throws IOException {
        try (RowFile rest = new RowFile(file.table());
                RowScan scan = files.scan(List.of(file), file.table(), RowFilter.ALL)) {
            long rows = 0;
            for (StoredRow row = scan.next(); row != null; row = scan.next()) {
                rest.add(row);
                rows++;
            }
            return rows == file.rows() ? file : rest.store(files, file.date(), nextName(), file.level());
        }
    }

    /** Merges small files, forgets what is older than is kept, deletes what nobody reads any more. */
    public void tidy(Duration retention) throws IOException {
        expire(retention);
        deleteAbandoned();
        for (List<StoredFile> group : groupsToMerge()) {
            merge(group);
        }
        deleteObsolete();
    }

    private void merge(List<StoredFile> group) throws IOException {
        StoredFile first = group.get(0);
        int level = group.stream().mapToInt(StoredFile::level).max().orElse(0) + 1;
        List<StoredFile> all = new ArrayList<>(current.manifest().files());
        all.removeAll(group);
        try (RowFile merged = new RowFile(first.table());
                RowScan scan = files.scan(group, first.table(), RowFilter.ALL)) {
            for (StoredRow row = scan.next(); row != null; row = scan.next()) {
                merged.add(row);
            }
            StoredFile stored = merged.store(files, first.date(), nextName(), level);
            if (stored != null) {
                all.add(stored);
            }
        }
        replace(current.manifest().next(current.manifest().positions(), all, withObsolete(group)));
    }

    private List<List<StoredFile>> groupsToMerge() {
        List<List<StoredFile>> groups = new ArrayList<>();
        for (StoredTable table : StoredTable.values()) {
            Map<String, List<StoredFile>> days = new TreeMap<>();
            for (StoredFile file : current.manifest().files(table)) {
                if (file.bytes() < LARGEST_MERGED_BYTES / MERGED_AT) {
                    days.computeIfAbsent(file.date(), day -> new ArrayList<>()).add(file);
                }
            }
            String newest = days.isEmpty() ? "" : ((TreeMap<String, List<StoredFile>>) days).lastKey();
            for (Map.Entry<String, List<StoredFile>> day : days.entrySet()) {
                boolean cold = LocalDate.parse(day.getKey())
                        .isBefore(LocalDate.parse(newest).minusDays(COLD_DAYS));
                groupsOfDay(day.getValue(), cold).forEach(groups::add);
            }
        }
        return groups;
    }

    private static List<List<StoredFile>> groupsOfDay(List<StoredFile> day, boolean cold) {
        if (cold) {
            return day.size() > 1 && bytes(day) <= LARGEST_MERGED_BYTES ? List.of(day) : List.of();
        }
        Map<Integer, List<StoredFile>> levels = new TreeMap<>();
        day.forEach(file ->
                levels.computeIfAbsent(file.level(), level -> new ArrayList<>()).add(file));
        return levels.values().stream()
                .filter(files -> files.size() >= MERGED_AT && bytes(files) <= LARGEST_MERGED_BYTES)
                .toList();
    }

    private static long bytes(List<StoredFile> files) {
        return files.stream().mapToLong(StoredFile::bytes).sum();
    }

    private void expire(Duration retention) throws IOException {
        if (retention.isZero()) {
            return;
        }
        String oldest = date(clock.millis() - retention.toMillis());
        List<StoredFile> expired = current.manifest().files().stream()
                .filter(file -> file.date().compareTo(oldest) < 0)
                .toList();
        if (!expired.isEmpty()) {
            List<StoredFile> all = new ArrayList<>(current.manifest().files());
            all.removeAll(expired);
            replace(current.manifest().next(current.manifest().positions(), all, withObsolete(expired)));
        }
    }

    private List<Obsolete> withObsolete(List<StoredFile> more) {
        List<Obsolete> all = new ArrayList<>(current.manifest().obsolete());
        more.forEach(file -> all.add(new Obsolete(file.name(), clock.millis())));
        return all;
    }

    private void deleteObsolete() throws IOException {
        List<Obsolete> kept = new ArrayList<>();
        for (Obsolete obsolete : current.manifest().obsolete()) {
            if (clock.millis() - obsolete.sinceMs() < READ_ENDS.toMillis()) {
                kept.add(obsolete);
            } else {
                files.delete(obsolete.name());
            }
        }
        if (kept.size() < current.manifest().obsolete().size()) {
            replace(current.manifest()
                    .next(current.manifest().positions(), current.manifest().files(), kept));
        }
    }

    private void deleteAbandoned() throws IOException {
        Set<String> named = new HashSet<>();
        current.manifest().files().forEach(file -> named.add(file.name()));
        current.manifest().obsolete().forEach(file -> named.add(file.name()));
        List<String> abandoned = new ArrayList<>();
        for (StoredTable table : StoredTable.values()) {
            for (BlobStore.Entry entry : files.list(table)) {
                if (!named.contains(entry.name()) && clock.millis() - entry.lastModifiedMs() > ABANDONED.toMillis()) {
                    abandoned.add(entry.name());
                }
            }
        }
        if (!abandoned.isEmpty()
                && files.current().manifest().version() != current.manifest().version()) {
            throw new StoreFencedException(); // another writer may name them
        }
        for (String file : abandoned) {
            files.delete(file);
        }
    }

    private void replace(StoreManifest next) throws IOException {
        current = files.replace(current, next).orElseThrow(StoreFencedException::new);
    }

    private String nextName() {
        return String.format("%010d-%s-%d.parquet", current.manifest().version() + 1, writer, written++);
    }

    private static String date(long timeMs) {
        return Instant.ofEpochMilli(timeMs)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
    }
}
