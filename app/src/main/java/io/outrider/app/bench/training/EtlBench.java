package io.outrider.app.bench.training;

import com.typesafe.config.Config;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.files.TransactionFiles;
import io.outrider.lake.files.TransactionReader;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns histories into a raw log of Capture files, and measures ETL over it. For one thread. */
final class EtlBench {

    private static final String GENERATION = "bench";
    private static final String PARTITIONER = "murmur2";

    private final BlobStore lake;
    private final CaptureFiles files;
    private final CaptureSettings capture;
    private final EtlSettings settings;
    private final EtlRisk risk;
    private final Path disk;
    private final int partitions;
    private final FeaturePlan plan = FeaturePlan.named("transactions");

    /** One partition's file under way. */
    private static final class Open {
        private long next;
        private Instant lastFile = Instant.EPOCH;
        private CaptureFileBuilder file = new CaptureFileBuilder(GENERATION, 0);
    }

    /** What was measured: the ETL alone, and a second run of it. */
    record Result(
            long events,
            int captureFiles,
            double seconds,
            double rowsPerSecond,
            long peakHeapBytes,
            long parquetBytes,
            int parquetFiles,
            boolean secondRunFoundNothing) {}

    EtlBench(Path folder, int partitions, Config config, @Nullable Duration labelDelay) throws IOException {
        this.lake = new FolderBlobStore(folder.resolve("lake"));
        this.disk = folder;
        this.partitions = partitions;
        this.capture = CaptureSettings.from(config);
        this.settings = EtlSettings.from(config);
        this.files = capture.files(lake, "transactions");
        this.risk = labelDelay == null
                ? new EtlRisk.InForce("transactions", capture.files(lake, "labels"), false)
                : new EtlRisk.Declared(labelDelay, TrainingSettings.read(config).ledgerEntries());
    }

    Result run(List<Path> histories) throws IOException {
        int written = capture(histories);
        EtlRequest request = new EtlRequest(
                "transactions", files, partitions, PARTITIONER, plan, Optional.empty(), false, risk, disk);
        EtlJob job = new EtlJob(lake, settings, request, Clock.systemUTC());
        HeapPeak.reset();
        long start = System.nanoTime();
        DatasetManifest made = job.run(Progress.NONE).orElseThrow(() -> new IOException("the histories have no event"));
        double seconds = (System.nanoTime() - start) / 1e9;
        long peak = HeapPeak.bytes();
        return new Result(
                made.total().rows(),
                written,
                seconds,
                made.total().rows() / seconds,
                peak,
                made.files().stream().mapToLong(file -> file.sizeBytes()).sum(),
                made.files().size(),
                job.run(Progress.NONE).isEmpty());
    }

    private int capture(List<Path> histories) throws IOException {
        TransactionEncoder encoder = new TransactionEncoder(plan.schema());
        AccountPartitioner partitioner = AccountPartitioner.named(PARTITIONER);
        List<Open> open = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            open.add(new Open());
        }
        int written = 0;
        long lastMs = 0;
        try (TransactionReader reader = TransactionFiles.read(histories, plan.schema())) {
            while (reader.hasNext()) {
                Transaction event = reader.next().transaction();
                int partition = partitioner.partition(event.account(), partitions);
                Open to = open.get(partition);
                lastMs = event.eventTimeMs();
                to.file.add(captured(to.next++, event, encoder));
                if (to.file.sizeBytes() >= capture.sizeWindowBytes()) {
                    written += write(partition, to, lastMs);
                }
            }
        }
        for (int partition = 0; partition < partitions; partition++) {
            written += write(partition, open.get(partition), lastMs);
        }
        return written;
    }

    private static CapturedEvent captured(long number, Transaction event, TransactionEncoder encoder) {
        byte[] key = event.account().getBytes(StandardCharsets.UTF_8);
        return new CapturedEvent(
                number,
                Long.toString(number),
                event.eventTimeMs(),
                Map.of(CapturedEvent.KAFKA_KEY, key),
                Map.of(),
                encoder.encode(event));
    }

    private int write(int partition, Open open, long timeMs) throws IOException {
        if (open.file.events() == 0) {
            return 0;
        }
        Instant time = Instant.ofEpochSecond(Math.floorDiv(timeMs, 1000L));
        open.lastFile = time.isAfter(open.lastFile) ? time : open.lastFile.plusSeconds(1);
        if (!files.create(files.name(partition, open.lastFile), open.file.finish())) {
            throw new IOException("there are Capture files already: give an empty folder");
        }
        open.file = new CaptureFileBuilder(GENERATION, open.next);
        return 1;
    }
}
