package io.outrider.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.files.TransactionFiles;
import io.outrider.lake.files.TransactionReader;
import io.outrider.training.SharedData;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.evaluation.EvaluateRequest.Days;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What ETL makes of a history measures as the history itself does. */
class DatasetEvaluationTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final Logger LOG = LoggerFactory.getLogger(DatasetEvaluationTest.class);
    private static final int CAPTURE_BYTES = 8 << 20;

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    @Test
    void aDatasetMeasuresAsTheFilesThatItWasMadeOf() throws IOException {
        TrainingSettings settings = TrainingSettings.read(
                ConfigFactory.parseString("outrider.training.boosting { trees = 20, learning-rate = 0.2 }")
                        .withFallback(ConfigFactory.load()));
        EvaluateRequest request =
                request(List.of(history()), days("2026-01-02", "2026-01-05"), days("2026-01-06", "2026-01-07"), "P1D");
        BlobStore lake = new FolderBlobStore(folder);
        DatasetSource dataset = dataset(lake, captured(lake, request.files(), 2), request.labelDelay(), 2);
        EvaluationResult made = Evaluation.run(request, dataset, settings, Progress.NONE);
        same(made, Evaluation.run(request, settings, Progress.NONE));
        assertThat(made.frauds()).isGreaterThan(10);
        assertThatThrownBy(() -> Evaluation.run(
                        request(request.files(), request.train(), request.test(), "P7D"),
                        dataset,
                        settings,
                        Progress.NONE))
                .hasMessageContaining("labels are known after PT24H, not after PT168H");
        TrainingSettings other = TrainingSettings.read(
                ConfigFactory.parseString("outrider.training.plan = sensor").withFallback(ConfigFactory.load()));
        assertThatThrownBy(() -> Evaluation.run(request, dataset, other, Progress.NONE))
                .hasMessageContaining("dataset t24:1 has the features of plan transactions");
    }

    @Test
    @Tag("data")
    void theFiguresOfFourMonthsAreTheSameByEtl() throws Exception {
        TrainingSettings settings = TrainingSettings.read(ConfigFactory.load());
        List<Path> months = SharedData.months("04", "05", "06", "07");
        List<String> delays = List.of("P7D", "P1D", "PT0S");
        List<Double> least = List.of(0.80, 0.93, 0.95);
        BlobStore lake = new FolderBlobStore(folder);
        // One partition: what happened within one second keeps its order.
        CaptureFiles captured = captured(lake, months, 1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<DatasetSource>> datasets = threads.invokeAll(delays.stream()
                    .map(delay -> (Callable<DatasetSource>) () -> dataset(lake, captured, Duration.parse(delay), 1))
                    .toList());
            for (int i = 0; i < delays.size(); i++) {
                DatasetSource dataset = datasets.get(i).get();
                assertThat(dataset.version().total().rows()).isEqualTo(1_169_723);
                EvaluateRequest request = request(
                        months, days("2018-05-01", "2018-06-30"), days("2018-07-01", "2018-07-31"), delays.get(i));
                EvaluationResult made = Evaluation.run(request, dataset, settings, Progress.NONE);
                LOG.info("{}: average precision {}", delays.get(i), made.averagePrecision());
                assertThat(made.averagePrecision()).isGreaterThanOrEqualTo(least.get(i));
                same(made, Evaluation.run(request, settings, Progress.NONE));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void same(EvaluationResult one, EvaluationResult other) {
        assertThat(one.model().manifest().version())
                .as("the model, by its content")
                .isEqualTo(other.model().manifest().version());
        assertThat(one.rows()).isEqualTo(other.rows());
        assertThat(one.frauds()).isEqualTo(other.frauds());
        assertThat(one.auc()).isEqualTo(other.auc());
        assertThat(one.averagePrecision()).isEqualTo(other.averagePrecision());
        assertThat(one.cardPrecision100()).isEqualTo(other.cardPrecision100());
        assertThat(one.bestF1()).isEqualTo(other.bestF1());
        assertThat(one.atThreshold()).isEqualTo(other.atThreshold());
        assertThat(one.supervised()).isTrue();
    }

    private static Days days(String from, String to) {
        return new Days(LocalDate.parse(from), LocalDate.parse(to));
    }

    private static EvaluateRequest request(List<Path> files, Days train, Days test, String delay) {
        return new EvaluateRequest(files, train, test, Duration.parse(delay), ModelKind.SUPERVISED, null, false, 1);
    }

    /** A week of forty accounts at ten merchants, one of which is bad at times. */
    private Path history() throws IOException {
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder("transaction_id,user_id,amount,timestamp,merchant_id,is_fraud\n");
        for (int i = 0; i < 7 * 300; i++) {
            int merchant = random.nextInt(10);
            boolean fraud = merchant == 0 && i / 300 % 2 == 1;
            csv.append(i + "," + random.nextInt(40) + "," + (20 + random.nextInt(2_000) / 100.0) + ","
                    + Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i * 288L) + "," + merchant + "," + fraud
                    + "\n");
        }
        return Files.writeString(disk.resolve("history.csv"), csv);
    }

    /** What was captured as a dataset. */
    private DatasetSource dataset(BlobStore lake, CaptureFiles captured, Duration labelDelay, int partitions)
            throws IOException {
        EtlRequest etl = new EtlRequest(
                "t" + labelDelay.toHours(),
                captured,
                partitions,
                "murmur2",
                PLAN,
                Optional.empty(),
                false,
                new EtlRisk.Declared(labelDelay, 1_000_000),
                disk);
        DatasetManifest version = new EtlJob(lake, EtlSettings.from(ConfigFactory.load()), etl, Clock.systemUTC())
                .run(Progress.NONE)
                .orElseThrow();
        return new DatasetSource(lake, version, Duration.ofDays(7), disk);
    }

    /** Histories as Capture files. */
    private static CaptureFiles captured(BlobStore lake, List<Path> files, int partitions) throws IOException {
        CaptureFiles into = new CaptureFiles(lake, "raw-transactions", "outrider", "transactions");
        TransactionEncoder encoder = new TransactionEncoder(PLAN.schema());
        AccountPartitioner partitioner = AccountPartitioner.named("murmur2");
        List<CaptureFileBuilder> open = new ArrayList<>();
        long[] next = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            open.add(new CaptureFileBuilder("g", 0));
        }
        Instant time = Instant.parse("2026-04-01T00:00:00Z");
        try (TransactionReader reader = TransactionFiles.read(files, PLAN.schema())) {
            while (reader.hasNext()) {
                Transaction event = reader.next().transaction();
                int partition = partitioner.partition(event.account(), partitions);
                CaptureFileBuilder file = open.get(partition);
                file.add(new CapturedEvent(
                        next[partition]++, "", event.eventTimeMs(), Map.of(), Map.of(), encoder.encode(event)));
                if (file.sizeBytes() >= CAPTURE_BYTES) {
                    time = time.plusSeconds(1);
                    into.create(into.name(partition, time), file.finish());
                    open.set(partition, new CaptureFileBuilder("g", next[partition]));
                }
            }
        }
        for (int partition = 0; partition < partitions; partition++) {
            into.create(
                    into.name(partition, time.plusSeconds(1)),
                    open.get(partition).finish());
        }
        return into;
    }
}
