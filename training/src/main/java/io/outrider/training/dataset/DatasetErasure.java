package io.outrider.training.dataset;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.LogPosition;
import io.outrider.core.port.BlobStore;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.lake.checkpoint.AccountBytes;
import io.outrider.lake.checkpoint.AccountFiles;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.CheckpointFile;
import io.outrider.lake.erasure.ErasureFiles;
import io.outrider.lake.table.TableFileCopy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Rids the datasets of a topic of what they have of erased accounts: rows, labels, carried states and ledgers. The one thing that
 * changes a published version: files that hold such rows are copied without them under other names, every manifest that names
 * them is replaced by one that names the copies, and then they are deleted, as are reports that name accounts. Who reads meanwhile by the old manifest may
 * find a file gone, and is to begin again. Files that no version names go, too, once no ETL is at work that may come to name
 * them ({@link DatasetLeases}); no erasure is called done before.
 *
 * <p>Killed anywhere, it does the same again. A version that is published meanwhile is either seen here, or its ETL sees that
 * the version before was replaced, and names the copies, and that an erasure it did not know was called done, and takes that
 * back. For one thread.
 */
public final class DatasetErasure {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final BlobStore lake;
    private final Datasets datasets;
    private final String topic;
    private final ErasureFiles erasures;
    private final Path disk;
    private final Clock clock;
    private final DatasetLeases leases;
    private final UnnamedSweep sweep;

    /** For which erasures {@link #copies} are, and which versions have been rewritten for them. */
    private String copiedFor = "";

    private String reportsDeletedFor = "";
    private Set<String> rewritten = Set.of();
    private boolean reopened;

    /** What takes the place of a file, by its name; empty where no row is left. */
    private final Map<String, Optional<DataFile>> copies = new HashMap<>();

    /** @param disk where temporary files may be made */
    public DatasetErasure(BlobStore lake, String container, String topic, Path disk, Clock clock) {
        this.lake = lake;
        this.datasets = new Datasets(lake, container);
        this.topic = topic;
        this.erasures = new ErasureFiles(lake, topic);
        this.disk = disk;
        this.clock = clock;
        this.leases = new DatasetLeases(lake, container, clock);
        this.sweep = new UnnamedSweep(leases, new UnnamedFiles(lake, container), topic, clock);
    }

    /** The topic that a dataset is of. */
    static String topic(DatasetOrigin origin) {
        return origin.log().substring(origin.log().lastIndexOf('/') + 1);
    }

    /** The erasures that a dataset's rows may fall under. */
    public static ErasureList erasures(BlobStore lake, DatasetOrigin origin) throws IOException {
        return new ErasureFiles(lake, topic(origin)).list();
    }

    /**
     * Does it, if there is anything to be done; how many erasures have been completed. None where somebody is at work who may
     * name files that were made before: then it is to be done again.
     *
     * @param patience how long to try again and again; between one run of ETL and the next there may be seconds
     */
    public int run(Duration patience) throws IOException {
        ErasureList list = reopened(erasures.list());
        List<ErasureRequest> pending = list.requests().stream()
                .filter(request -> request.transactions() != null && request.datasetsAt() == null)
                .toList();
        if (pending.isEmpty()) {
            return 0;
        }
        String holder = "an erasure from topic " + topic;
        long until = System.nanoTime() + patience.toNanos();
        boolean done = false;
        while (!done) {
            try (DatasetLease lease = leases.take(LeaseUse.WRITE, holder)) {
                rewriteAll(list, lease);
            }
            done = sweep.run(
                    holder,
                    () -> versions().equals(rewritten),
                    () -> putAll(pending, clock.instant().toString()));
            if (!done && System.nanoTime() >= until) {
                return 0;
            }
            if (!done) {
                pause();
            }
        }
        if (!versions().equals(rewritten)) { // by a program that takes no leases
            putAll(pending, null);
            return 0;
        }
        copies.clear();
        return pending.size();
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while somebody else was at the datasets");
        }
    }

    /** Erasures that were called done by programs that let unnamed files be are to be done again, once. */
    private ErasureList reopened(ErasureList list) throws IOException {
        if (reopened || list.requests().isEmpty()) {
            return list;
        }
        String mark = "erasures/" + topic + "/unnamed-files-too";
        boolean marked = lake.get(mark).isPresent();
        if (!marked) {
            putAll(
                    list.requests().stream()
                            .filter(request -> request.datasetsAt() != null)
                            .toList(),
                    null);
            lake.put(mark, new byte[0]);
        }
        reopened = true;
        return marked ? list : erasures.list();
    }

    private void putAll(List<ErasureRequest> requests, @Nullable String doneAt) throws IOException {
        for (ErasureRequest request : requests) {
            erasures.put(request.withoutDatasets(doneAt));
        }
    }

    /** Rewrites all versions; those that it has seen for the same erasures before are not read again. */
    private void rewriteAll(ErasureList list, DatasetLease lease) throws IOException {
        String erased = list.requests().toString();
        if (!erased.equals(copiedFor)) {
            copies.clear();
            rewritten = Set.of();
            copiedFor = erased;
        }
        Set<String> before = versions();
        while (!before.equals(rewritten)) {
            Set<String> obsolete = new HashSet<>();
            for (String name : datasets.names()) {
                for (int version : datasets.versions(name)) {
                    rewrite(name, version, list, obsolete, lease);
                }
            }
            for (String file : obsolete) {
                lake.delete(file);
            }
            rewritten = before;
            before = versions();
        }
        if (!reportsDeletedFor.equals(erased)) { // backtests that end later look at the list themselves
            new DatasetReports(lake).deleteAll();
            reportsDeletedFor = erased;
        }
    }

    /** The manifests, so that one that is new or was replaced makes a difference. */
    private Set<String> versions() throws IOException {
        Set<String> all = new TreeSet<>();
        for (String name : datasets.names()) {
            lake.list(datasets.folder(name) + "versions/").forEach(entry -> all.add(entry.toString()));
        }
        return all;
    }

    private void rewrite(String name, int version, ErasureList list, Set<String> obsolete, DatasetLease lease)
            throws IOException {
        Datasets.Held held = datasets.held(name, version);
        DatasetManifest manifest = held.manifest();
        DatasetOrigin origin = manifest.origin();
        if (!topic(origin).equals(topic)) {
            return;
        }
        List<DataFile> files = copies(
                manifest.files(),
                (account, partition, number) ->
                        !list.coversTransaction(account, new LogPosition(origin.generation(), partition, number)));
        String labelled = manifest.labels().generation();
        List<DataFile> labels = copies(
                manifest.labels().files(),
                (account, partition, number) ->
                        !list.coversLabel(account, new LogPosition(labelled, partition, number)));
        List<PartitionProgress> progress = new ArrayList<>();
        for (PartitionProgress at : manifest.progress()) {
            progress.add(withoutStates(at, origin, list));
        }
        DatasetManifest without = manifest.with(files, labels, progress, withoutVerdicts(manifest, list));
        if (!without.equals(manifest)) {
            lease.confirm(); // or the copies may have been taken for nobody's
            datasets.replace(held, without);
            obsolete.addAll(manifest.fileNames());
            obsolete.removeAll(without.fileNames());
        }
    }

    /** The ledger without what it has of accounts whose erasure the version has not come to. */
    private @Nullable StoredFile withoutVerdicts(DatasetManifest manifest, ErasureList list) throws IOException {
        StoredFile ledger = manifest.ledger();
        if (ledger == null) {
            return null;
        }
        MerchantRiskLedger known = MerchantRiskLedger.decode(ledger.read(lake), Integer.MAX_VALUE);
        String generation = manifest.origin().generation();
        boolean had = known.forget(account -> manifest.progress().stream()
                .anyMatch(at -> list.coversTransaction(
                        account, new LogPosition(generation, at.partition(), at.nextSequenceNumber() - 1))));
        if (!had) {
            return ledger;
        }
        byte[] content = known.encode();
        return StoredFile.put(
                lake, ledger.name() + "-" + StoredFile.sha256(content).substring(0, 16), content);
    }

    private List<DataFile> copies(List<DataFile> files, TableFileCopy.Stays stays) throws IOException {
        List<DataFile> kept = new ArrayList<>();
        for (DataFile file : files) {
            Optional<DataFile> copy = copies.get(file.name());
            if (copy == null) {
                copy = copy(file, stays);
                copies.put(file.name(), copy);
            }
            copy.ifPresent(kept::add);
        }
        return kept;
    }

    private Optional<DataFile> copy(DataFile file, TableFileCopy.Stays stays) throws IOException {
        Path folder = Files.createTempDirectory(disk, "outrider-erasure-");
        Path from = folder.resolve("from.parquet");
        Path to = folder.resolve("to.parquet");
        try {
            Files.write(from, new StoredFile(file.name(), file.sizeBytes(), file.sha256()).read(lake));
            TableFileCopy.Copied copied = TableFileCopy.copy(from, to, stays);
            if (copied.left() == 0) {
                return Optional.of(file);
            }
            if (copied.kept() == 0) {
                return Optional.empty();
            }
            byte[] content = Files.readAllBytes(to);
            String sha256 = StoredFile.sha256(content);
            String stem = file.name().substring(0, file.name().lastIndexOf(".parquet"));
            StoredFile stored = StoredFile.put(lake, stem + "-" + sha256.substring(0, 16) + ".parquet", content);
            return Optional.of(new DataFile(
                    stored.name(), file.date(), file.partition(), copied.kept(), stored.sizeBytes(), sha256));
        } finally {
            Files.deleteIfExists(from);
            Files.deleteIfExists(to);
            Files.deleteIfExists(folder);
        }
    }

    /** Where ETL has not come to the erasure yet, the state goes now: what it would add of the account is left out anyway. */
    private PartitionProgress withoutStates(PartitionProgress at, DatasetOrigin origin, ErasureList list)
            throws IOException {
        LogPosition last = new LogPosition(origin.generation(), at.partition(), at.nextSequenceNumber() - 1);
        List<AccountBytes> kept = new ArrayList<>();
        List<String> left = new ArrayList<>();
        AccountFiles.load(lake, at.states(), origin.planFingerprint(), "a dataset's version", (account, state) -> {
            if (list.coversTransaction(account, last)) {
                left.add(account);
            } else {
                kept.add(new AccountBytes(account, state));
            }
        });
        if (left.isEmpty()) {
            return at;
        }
        String stem = at.states()
                .get(0)
                .name()
                .replace(".avro", "-e" + list.requests().size() + "-");
        List<CheckpointFile> states = AccountFiles.write(
                lake, number -> stem + number + ".avro", origin.planFingerprint(), AccountStream.of(kept));
        return new PartitionProgress(
                at.partition(), at.nextSequenceNumber(), at.newestAppendMs(), at.lastFile(), states);
    }
}
