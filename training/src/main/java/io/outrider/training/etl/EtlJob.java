package io.outrider.training.etl;

import io.outrider.core.event.RecordDecoder;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureGapException;
import io.outrider.lake.capture.CaptureReader;
import io.outrider.lake.capture.CapturedLog;
import io.outrider.training.dataset.CapturedInput;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.Quality;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the next version of a dataset out of the Capture files that have come since the last one.
 *
 * <p>Whatever dies when: a version is there once its manifest is, which is written last and only if nobody else has written one of
 * its number. What a partition's replay has put into the lake lies in a folder named after all that went into it, and a
 * result beside it, written last, says that it is whole; so a run after a crash takes over what was finished, and
 * writes the same again where it was not.
 */
public final class EtlJob {

    private final BlobStore lake;
    private final EtlSettings settings;
    private final Datasets datasets;
    private final EtlRequest request;
    private final EventTable table;
    private final Clock clock;

    /** A partition's share of the work: where it goes on, and with which files, at least one. */
    private record Work(PartitionProgress from, List<CaptureFileName> names) {}

    public EtlJob(BlobStore lake, EtlSettings settings, EtlRequest request, Clock clock) {
        if (!Datasets.isName(request.dataset())) {
            throw new IllegalArgumentException(
                    "a dataset's name is of a-z, 0-9 and -, at most 63: '" + request.dataset() + "'");
        }
        this.lake = lake;
        this.settings = settings;
        this.datasets = new Datasets(lake, settings.container());
        this.request = request;
        this.table = new EventTable(request.plan());
        this.clock = clock;
    }

    /**
     * Does it, for all partitions.
     *
     * @return the new version; empty if there are no new records
     * @throws CaptureGapException if records are missing, and that is not accepted
     * @throws io.outrider.lake.capture.DamagedCaptureException if a file is damaged; the message names it
     * @throws IOException also if the dataset is of something else than is asked for
     */
    public Optional<DatasetManifest> run(Progress progress) throws IOException {
        Optional<DatasetManifest> before = datasets.newest(request.dataset());
        Map<Integer, PartitionProgress> positions = new TreeMap<>();
        for (int partition = 0; partition < request.partitions(); partition++) {
            positions.put(partition, PartitionProgress.start(partition));
        }
        DatasetOrigin origin = origin(before);
        before.ifPresent(version -> version.progress().forEach(at -> positions.put(at.partition(), at)));
        List<Work> work = new ArrayList<>();
        for (PartitionProgress from : positions.values()) {
            List<CaptureFileName> names = since(from);
            if (!names.isEmpty()) {
                work.add(new Work(from, names));
            }
        }
        List<PartitionResult> results =
                new Replays(settings.parallelism(), progress).all(work, one -> result(one, origin));
        results.forEach(result -> positions.put(result.progress().partition(), result.progress()));
        Quality added = results.stream().map(PartitionResult::quality).reduce(Quality.NONE, Quality::plus);
        if (added.records() == 0) {
            return Optional.empty();
        }
        DatasetManifest next = next(before, origin, List.copyOf(positions.values()), results, added);
        datasets.publish(next);
        return Optional.of(next);
    }

    private DatasetManifest next(
            Optional<DatasetManifest> before,
            DatasetOrigin origin,
            List<PartitionProgress> positions,
            List<PartitionResult> results,
            Quality added) {
        List<CapturedInput> captured = new ArrayList<>();
        List<DataFile> files =
                new ArrayList<>(before.map(DatasetManifest::files).orElse(List.of()));
        for (PartitionResult result : results) {
            captured.addAll(result.captured());
            files.addAll(result.files());
        }
        Quality total = before.map(DatasetManifest::total).orElse(Quality.NONE).plus(added);
        return new DatasetManifest(
                DatasetManifest.FORMAT,
                request.dataset(),
                before.map(DatasetManifest::version).orElse(0) + 1,
                clock.instant().toString(),
                origin,
                positions,
                captured,
                files,
                added,
                total,
                settings.gate().judge(total));
    }

    private List<CaptureFileName> since(PartitionProgress from) throws IOException {
        return request.capture().list(from.partition()).stream()
                .filter(name -> name.path().compareTo(from.lastFile()) > 0)
                .toList();
    }

    private DatasetOrigin origin(Optional<DatasetManifest> before) throws IOException {
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
                request.plan().fingerprint());
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

    private PartitionResult result(Work work, DatasetOrigin origin) throws IOException {
        String folder = datasets.folder(request.dataset()) + "data/" + unit(work, origin) + "/";
        String name = folder + "result.json";
        Optional<BlobStore.Blob> finished = lake.get(name);
        if (finished.isPresent()) {
            return DatasetJson.read(name, finished.get().content(), PartitionResult.class);
        }
        PartitionResult result = replay(work, origin, folder);
        lake.put(name, DatasetJson.write(result));
        return result;
    }

    private PartitionResult replay(Work work, DatasetOrigin origin, String folder) throws IOException {
        PartitionProgress from = work.from();
        RecordDecoder decoder = new RecordDecoder(
                request.plan().schema(),
                AccountPartitioner.named(origin.partitioner()),
                from.partition(),
                origin.partitions());
        CapturedLog.Start start = new CapturedLog.Start(from.nextSequenceNumber(), from.newestAppendMs());
        DatedTables.Limits limits = new DatedTables.Limits(settings.rowsPerFile(), settings.openDates());
        try (CapturedLog log = new CapturedLog(
                        request.capture(), work.names(), origin.generation(), start, request.acceptGaps());
                DatedTables rows =
                        new DatedTables(lake, folder, from.partition(), table.schema(), limits, request.disk())) {
            PartitionResult result = new PartitionReplay(lake, request.plan(), table, decoder, rows)
                    .run(from, log, work.names(), folder);
            if (request.generation().isEmpty() && !log.passedOver().isEmpty()) {
                throw new IOException(log.passedOver().get(0).path() + " is of another generation of the topic than "
                        + origin.generation() + ": it was recreated; name the generation to read, and another dataset");
            }
            return result;
        }
    }

    /** Names all that the result depends on. */
    private String unit(Work work, DatasetOrigin origin) {
        StringBuilder inputs = new StringBuilder();
        inputs.append(origin)
                .append('\n')
                .append(work)
                .append('\n')
                .append(table.schema())
                .append('\n');
        inputs.append(settings.rowsPerFile())
                .append(' ')
                .append(settings.openDates())
                .append(' ');
        inputs.append(request.acceptGaps())
                .append(' ')
                .append(request.generation().isPresent());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(inputs.toString().getBytes(StandardCharsets.UTF_8));
            return String.format(
                    Locale.ROOT,
                    "p%04d-%012d-%s",
                    work.from().partition(),
                    work.from().nextSequenceNumber(),
                    HexFormat.of().formatHex(hash, 0, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
