package io.outrider.detection.risk;

import io.outrider.core.event.Label;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore.Blob;
import io.outrider.core.risk.RiskBook;
import io.outrider.core.risk.RiskBookCodec;
import io.outrider.core.risk.RiskTableCodec;
import io.outrider.lake.blob.FailureReason;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.ContextChange;
import io.outrider.lake.checkpoint.CorruptCheckpointException;
import io.outrider.lake.checkpoint.EarlierCheckpoint;
import io.outrider.lake.risk.ReportName;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes merchant-risk tables of labels and reports, and publishes them. What it has taken is a function of positions in
 * the labels topic and in each partition, kept with the book, so after a crash it takes again exactly what it had not
 * saved. Blocks. Belongs to one thread.
 *
 * <p>A report counts once its barrier is closed by the partition's manifest; until then its checkpoint may never take
 * effect, and another run's report of the same records may come. A partition that goes back to an earlier checkpoint
 * reports records again: what is already counted is left out, a report that is counted in part as a whole.
 */
public final class RiskAggregator {

    private static final Logger LOG = LoggerFactory.getLogger(RiskAggregator.class);

    private final RiskFiles files;
    private final String generation;
    private final RiskSettings settings;
    private final List<ReportName> taken = new ArrayList<>();

    /** Why partitions' manifests cannot be read, of those where it is so. */
    private final Map<Integer, String> unreadable = new HashMap<>();

    /** Of the transactions topic, as far as they are known. */
    private int partitions;

    private RiskBook book;
    private Optional<String> bookEtag;
    private RiskFiles.Current current;
    private byte[] published = new byte[0];

    /**
     * Goes on from what stands in the lake.
     *
     * @param generation incarnation of the transactions topic
     * @param partitions of the transactions topic
     */
    public RiskAggregator(RiskFiles files, String generation, int partitions, RiskSettings settings)
            throws IOException {
        this.files = files;
        this.generation = generation;
        this.partitions = partitions;
        this.settings = settings;
        Optional<Blob> stored = files.book();
        this.bookEtag = stored.map(Blob::etag);
        this.book = read(stored);
        this.current = files.current();
    }

    private RiskBook read(Optional<Blob> stored) throws IOException {
        if (stored.isEmpty()) {
            return new RiskBook(settings.maturity(), settings.maxMerchants());
        }
        try {
            return RiskBookCodec.decode(stored.get().content(), settings.maturity(), settings.maxMerchants());
        } catch (IllegalArgumentException e) {
            throw new IOException("the book of merchant risk cannot be read: " + e.getMessage(), e);
        }
    }

    /** How far a source of labels is taken. */
    long position(String source) {
        return book.position(source);
    }

    /** Everything of a source below an offset is taken. */
    void position(String source, long next) {
        book.position(source, next);
    }

    /** Takes a label; tells whether a table would differ. */
    public boolean take(Label label) {
        return book.take(label);
    }

    /** Forgets an account's labels; tells whether a table would differ. */
    public boolean erase(String account) {
        return book.erase(account);
    }

    /**
     * Takes the partitions' reports; tells whether there were any. The manifests are read first: a report is there before the
     * manifest that closes its barrier, so of every barrier that they close the right one is among those listed.
     */
    public boolean collect() throws IOException {
        Map<Integer, CheckpointManifest> manifests = manifests();
        Map<Integer, TreeMap<Long, ReportName>> byBarrier = new TreeMap<>();
        List<ReportName> all = files.reports(generation);
        for (ReportName report : all) {
            partitions = Math.max(partitions, report.partition() + 1); // one that was added counts from the next time
            byBarrier
                    .computeIfAbsent(report.partition(), partition -> new TreeMap<>())
                    .merge(report.barrier(), report, (a, b) -> a.epoch() > b.epoch() ? a : b);
        }
        boolean any = false;
        for (Map.Entry<Integer, TreeMap<Long, ReportName>> entry : byBarrier.entrySet()) {
            CheckpointManifest manifest = manifests.get(entry.getKey());
            if (manifest == null) {
                continue;
            }
            for (ReportName report : closed(entry.getValue(), manifest)) {
                any |= take(report);
            }
            all.stream()
                    .filter(report -> report.partition() == entry.getKey() && report.barrier() <= manifest.barrier())
                    .filter(report -> !taken.contains(report))
                    .forEach(taken::add);
        }
        return any;
    }

    /**
     * Of the partitions that have one that can be read. The others' reports wait in the lake, undeleted, and how far the
     * partition is taken stands in the book: once its manifest can be read, they are counted as if it always could have been.
     * IOException if the lake gives none at all.
     */
    private Map<Integer, CheckpointManifest> manifests() throws IOException {
        Map<Integer, CheckpointManifest> manifests = new HashMap<>();
        IOException ungiven = null;
        for (int partition = 0; partition < partitions; partition++) {
            try {
                CheckpointManifest manifest = files.intactManifest(partition).orElse(null);
                if (manifest != null) {
                    manifests.put(partition, manifest);
                }
                if (unreadable.remove(partition) != null) {
                    LOG.info("Merchants' counts of partition {} are taken again", partition);
                }
            } catch (CorruptCheckpointException e) {
                passedOver(partition, e);
            } catch (IOException e) {
                passedOver(partition, e);
                ungiven = e;
            }
        }
        if (ungiven != null && manifests.isEmpty()) {
            throw ungiven;
        }
        return manifests;
    }

    private void passedOver(int partition, IOException why) {
        String reason = FailureReason.of(why);
        if (!reason.equals(unreadable.put(partition, reason))) {
            LOG.warn(
                    "Merchants' counts of partition {} wait until its manifest can be read, and no risk table is deleted: {}",
                    partition,
                    reason);
        }
    }

    /**
     * The reports of barriers that are closed, in order. One of a run that was fenced may come when the right one is counted and
     * deleted: what it counts goes beyond where the next barrier begins, or beyond what the manifest has.
     */
    private static Iterable<ReportName> closed(NavigableMap<Long, ReportName> byBarrier, CheckpointManifest manifest) {
        Deque<ReportName> closed = new ArrayDeque<>();
        long end = manifest.nextOffset();
        for (ReportName report :
                byBarrier.headMap(manifest.barrier(), true).descendingMap().values()) {
            if (report.nextOffset() <= end) {
                closed.addFirst(report);
                end = report.fromOffset();
            }
        }
        return closed;
    }

    private boolean take(ReportName report) throws IOException {
        String source = "reports/" + generation + "/" + report.partition();
        long position = book.position(source);
        if (report.nextOffset() <= position) {
            return false;
        }
        if (report.fromOffset() < position) {
            LOG.warn("Merchants' counts of {} are left out: a part of them is counted already", report);
        } else {
            int leftOut = book.take(files.report(report));
            if (leftOut > 0) {
                LOG.warn("{} merchants are not counted: there are more than {}", leftOut, settings.maxMerchants());
            }
        }
        book.position(source, report.nextOffset());
        return true;
    }

    /** Publishes a table of what is taken, unless it is the last one's; the current version. */
    public long publish() throws IOException {
        byte[] table = RiskTableCodec.encode(book.table());
        if (!Arrays.equals(table, published)) {
            current = files.publish(table, current).orElseThrow(() -> new AggregatorFencedException("risk table"));
            published = table;
        }
        return current.version();
    }

    /** Saves what is taken, and deletes what nobody needs any more. */
    public void save() throws IOException {
        String etag = files.putBook(RiskBookCodec.encode(book), bookEtag)
                .orElseThrow(() -> new AggregatorFencedException("book of merchant risk"));
        bookEtag = Optional.of(etag);
        for (ReportName report : taken) {
            files.deleteReport(report);
        }
        taken.clear();
        deleteOldTables();
    }

    private void deleteOldTables() throws IOException {
        List<RiskFiles.Stored> tables = files.tables();
        if (tables.size() <= settings.keptTables()) {
            return;
        }
        long newestMs = tables.get(tables.size() - 1).writtenMs();
        long keptFromMs = newestMs - settings.keptFor().toMillis();
        List<RiskFiles.Stored> old = tables.subList(0, tables.size() - settings.keptTables()).stream()
                .filter(table -> table.writtenMs() <= keptFromMs)
                .toList();
        if (old.isEmpty()) {
            return;
        }
        Map<Integer, CheckpointManifest> manifests = manifests();
        if (!unreadable.isEmpty()) {
            return; // what those name cannot be told
        }
        Set<Long> named = namedTables(manifests.values());
        for (RiskFiles.Stored table : old) {
            if (!named.contains(table.version()) && table.version() < current.version()) {
                files.deleteTable(table.version());
            }
        }
    }

    private static Set<Long> namedTables(Collection<CheckpointManifest> manifests) {
        Set<Long> named = new HashSet<>();
        for (CheckpointManifest manifest : manifests) {
            List<ContextRef> contexts = new ArrayList<>(List.of(manifest.context()));
            EarlierCheckpoint previous = manifest.previous();
            if (previous != null) {
                contexts.add(previous.context());
            }
            for (ContextChange change : manifest.changes()) {
                contexts.add(change.context());
            }
            contexts.forEach(context -> named.add(context.riskVersion()));
        }
        return named;
    }
}
