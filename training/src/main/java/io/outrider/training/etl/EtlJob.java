package io.outrider.training.etl;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.LogPosition;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureGapException;
import io.outrider.lake.capture.CaptureReader;
import io.outrider.lake.erasure.ErasureFiles;
import io.outrider.training.dataset.CapturedInput;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LabelShare;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.Quality;
import io.outrider.training.dataset.StoredFile;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next version of a dataset out of the Capture files that have come since the last one.
 *
 * <p>Whatever dies when: a version is there once its manifest is, which is written last and only if nobody else has written one of
 * its number. What replays have put into the lake before is taken over by the next run ({@link PartitionUnit}).
 */
public final class EtlJob {

    private final BlobStore lake;
    private final EtlSettings settings;
    private final Datasets datasets;
    private final EtlRequest request;
    private final ReplayEngine engine;
    private final Clock clock;
    private final DatasetLeases leases;

    /** What a run has made of new records. */
    private record Made(
            List<PartitionResult> partitions, @Nullable StoredFile ledger) {}

    /** Replays in threads of this process. */
    public EtlJob(BlobStore lake, EtlSettings settings, EtlRequest request, Clock clock) {
        this(lake, settings, request, new ReplayThreads(settings.parallelism()), clock);
    }

    /** Replays elsewhere; not where labels are declared, which needs all partitions in one order. */
    public EtlJob(BlobStore lake, EtlSettings settings, EtlRequest request, ReplayEngine engine, Clock clock) {
        if (!Datasets.isName(request.dataset())) {
            throw new IllegalArgumentException(
                    "a dataset's name is of a-z, 0-9 and -, at most 63: '" + request.dataset() + "'");
        }
        this.lake = lake;
        this.settings = settings;
        this.datasets = new Datasets(lake, settings.container());
        this.request = request;
        this.engine = engine;
        this.clock = clock;
        this.leases = new DatasetLeases(lake, settings.container(), clock);
    }

    /**
     * Does it, for all partitions.
     *
     * @return the new version; empty if there are no new records and no new labels
     * @throws CaptureGapException if records are missing, and that is not accepted
     * @throws MissingRiskException if what was known of merchants is gone, and that is not accepted
     * @throws io.outrider.lake.capture.DamagedCaptureException if a file is damaged; the message names it
     * @throws IOException also if the dataset is of something else than is asked for
     */
    public Optional<DatasetManifest> run(Progress progress) throws IOException {
        // Taken before the list of erasures is read: what is made without knowing of one is swept only when this has
        // ended.
        try (DatasetLease lease = lease()) {
            return run(progress, lease);
        }
    }

    private Optional<DatasetManifest> run(Progress progress, DatasetLease lease) throws IOException {
        ErasureFiles erasures = ReplayScope.erasureFiles(lake, request);
        ErasureList listed = erasures.list();
        Optional<DatasetManifest> before = datasets.newest(request.dataset());
        Map<Integer, PartitionProgress> positions = positions(before);
        LiveHistories live = LiveHistories.read(lake, request.risk(), positions.values());
        DatasetOrigin origin = origin(before, live);
        List<PartitionWork> work = new ArrayList<>();
        for (PartitionProgress from : positions.values()) {
            List<CaptureFileName> names = live.settled(since(from), request.capture(), origin.generation());
            if (!names.isEmpty()) {
                work.add(new PartitionWork(from, names));
            }
        }
        ErasureList erased = before.isPresent()
                ? listed
                : complete(work, new ReplayScope(lake, settings, request, origin, listed), erasures);
        ReplayScope scope = new ReplayScope(lake, settings, request, origin, erased);
        Made made = make(work, scope, live, before, progress);
        LabelShare labelsBefore = before.map(DatasetManifest::labels).orElse(LabelShare.NONE);
        LabelShare labels = labels(labelsBefore, erased);
        Quality added = made.partitions().stream().map(PartitionResult::quality).reduce(Quality.NONE, Quality::plus);
        if (added.records() == 0 && labels.count() == labelsBefore.count()) {
            return Optional.empty();
        }
        lease.confirm();
        DatasetManifest next = datasets.publish(
                before,
                over -> next(
                        over,
                        origin,
                        made,
                        over.equals(before) ? labels : labels(over.orElseThrow().labels(), erased)));
        takeBack(erasures, erased);
        return Optional.of(next);
    }

    /** The right to put files into the dataset, which keeps away who deletes such as no version names. */
    public DatasetLease lease() throws IOException {
        return leases.take(LeaseUse.WRITE, "ETL of dataset " + request.dataset());
    }

    /**
     * One partition's share of a run that goes on elsewhere, of the same dataset, with the files that there are here.
     *
     * @param from where the partition goes on
     * @param lastFile path of the last file of the share
     */
    public PartitionUnit unit(DatasetOrigin origin, PartitionProgress from, String lastFile) throws IOException {
        List<CaptureFileName> names = since(from).stream()
                .filter(name -> name.path().compareTo(lastFile) <= 0)
                .toList();
        return PartitionUnit.of(new ReplayScope(lake, settings, request, origin), new PartitionWork(from, names));
    }

    /**
     * A dataset that begins may be the first under its key of pseudonyms, where accounts that were erased go by names that the list
     * does not have. So records up to the last erasure that it has are looked through before all.
     */
    private static ErasureList complete(List<PartitionWork> work, ReplayScope scope, ErasureFiles erasures)
            throws IOException {
        String generation = scope.origin().generation();
        for (PartitionWork one : work) {
            long last = scope.erasures().requests().stream()
                    .map(ErasureRequest::transactions)
                    .filter(at -> at != null && at.partition() == one.from().partition())
                    .filter(at -> generation.isEmpty() || at.generation().equals(generation))
                    .mapToLong(LogPosition::offset)
                    .max()
                    .orElse(-1);
            if (last >= one.from().nextSequenceNumber()) {
                try (PartitionIntake intake = new PartitionUnit(scope, one, LiveHistories.NONE).intake()) {
                    intake.completeErasures(last);
                }
            }
        }
        return erasures.list();
    }

    /** Erasures of which this version did not know, and that were called done before it was there, are not. */
    private static void takeBack(ErasureFiles erasures, ErasureList known) throws IOException {
        Set<String> ids = new HashSet<>();
        known.requests().stream()
                .filter(request -> request.transactions() != null)
                .forEach(request -> ids.add(request.id()));
        for (ErasureRequest request : erasures.list().requests()) {
            if (request.datasetsAt() != null && !ids.contains(request.id())) {
                erasures.put(request.withoutDatasets(null));
            }
        }
    }

    private static @Nullable StoredFile ledger(Optional<DatasetManifest> of) {
        return of.map(DatasetManifest::ledger).orElse(null);
    }

    private Map<Integer, PartitionProgress> positions(Optional<DatasetManifest> before) {
        Map<Integer, PartitionProgress> positions = new TreeMap<>();
        for (int partition = 0; partition < request.partitions(); partition++) {
            positions.put(partition, PartitionProgress.start(partition));
        }
        before.ifPresent(version -> version.progress().forEach(at -> positions.put(at.partition(), at)));
        return positions;
    }

    private Made make(
            List<PartitionWork> work,
            ReplayScope scope,
            LiveHistories live,
            Optional<DatasetManifest> before,
            Progress progress)
            throws IOException {
        if (work.isEmpty()) {
            return new Made(List.of(), null);
        }
        if (request.risk() instanceof EtlRisk.Declared declared) {
            DeclaredReplay.Imported imported = new DeclaredReplay(scope, declared).replay(work, ledger(before));
            progress.at("replay", 1);
            return new Made(imported.partitions(), imported.ledger());
        }
        List<PartitionUnit> units =
                work.stream().map(one -> new PartitionUnit(scope, one, live)).toList();
        return new Made(engine.replay(units, progress), null);
    }

    private LabelShare labels(LabelShare before, ErasureList erased) throws IOException {
        if (request.risk() instanceof EtlRisk.InForce inForce) {
            return new LabelIntake(
                            lake, inForce.labels(), request.labels(), settings.tableLimits(), request.disk(), erased)
                    .since(before, datasets.folder(request.dataset()) + "data/labels-");
        }
        return LabelShare.NONE;
    }

    private DatasetManifest next(Optional<DatasetManifest> before, DatasetOrigin origin, Made made, LabelShare labels) {
        Map<Integer, PartitionProgress> positions = positions(before);
        List<CapturedInput> captured = new ArrayList<>();
        List<DataFile> files =
                new ArrayList<>(before.map(DatasetManifest::files).orElse(List.of()));
        Quality added = Quality.NONE;
        for (PartitionResult result : made.partitions()) {
            captured.addAll(result.captured());
            files.addAll(result.files());
            positions.put(result.progress().partition(), result.progress());
            added = added.plus(result.quality());
        }
        Quality total = before.map(DatasetManifest::total).orElse(Quality.NONE).plus(added);
        return new DatasetManifest(
                DatasetManifest.FORMAT,
                request.dataset(),
                before.map(DatasetManifest::version).orElse(0) + 1,
                clock.instant().toString(),
                origin,
                List.copyOf(positions.values()),
                captured,
                files,
                labels,
                made.partitions().isEmpty() ? ledger(before) : made.ledger(),
                added,
                total,
                settings.gate().judge(total));
    }

    private List<CaptureFileName> since(PartitionProgress from) throws IOException {
        return request.capture().list(from.partition()).stream()
                .filter(name -> name.path().compareTo(from.lastFile()) > 0)
                .toList();
    }

    private DatasetOrigin origin(Optional<DatasetManifest> before, LiveHistories live) throws IOException {
        String generation = request.generation()
                .or(() -> before.map(version -> version.origin().generation()))
                .orElse("");
        if (before.isEmpty() && request.generation().isEmpty()) {
            generation = firstGeneration();
        }
        DatasetOrigin origin = new DatasetOrigin(
                request.capture().source(),
                generation,
                request.partitions(),
                request.partitioner(),
                request.plan().name(),
                request.plan().fingerprint(),
                live.origin(),
                request.pseudonyms().mark());
        if (before.isPresent() && !before.get().origin().equals(origin)) {
            throw new IOException("dataset " + request.dataset() + " is of "
                    + before.get().origin() + ", not of " + origin + ": give another name to begin another dataset");
        }
        return origin;
    }

    /** That of the first file of the first partition that has one. */
    private String firstGeneration() throws IOException {
        for (int partition = 0; partition < request.partitions(); partition++) {
            List<CaptureFileName> names = request.capture().list(partition);
            if (!names.isEmpty()) {
                try (CaptureReader reader = request.capture().open(names.get(0))) {
                    return reader.generation().orElse("");
                }
            }
        }
        return "";
    }
}
