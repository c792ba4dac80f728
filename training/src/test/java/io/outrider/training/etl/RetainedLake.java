package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Lineage;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.RetentionMetrics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import io.outrider.training.retention.Retention;
import io.outrider.training.retention.RetentionSettings;
import io.outrider.training.retention.SupervisedRetention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A lake with a raw log, versions of a dataset, models, and a retention over them that can be killed. */
final class RetainedLake {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final EtlSettings SETTINGS =
            new EtlSettings("processed-transactions", 150, 2, 2, new QualityGate(1, 0.01, 0.5, 0, 0));
    static final Duration KEPT = Duration.ofDays(30);
    static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofDays(40));
    private static final Retention.Places PLACES = new Retention.Places(
            "raw-transactions", "outrider/transactions", "outrider/labels", "processed-transactions");

    final BlobStore lake;
    final RawLog log;
    final Datasets datasets;
    private final Path disk;

    RetainedLake(Path folder, Path disk) throws IOException {
        this.lake = new FolderBlobStore(folder);
        this.log = new RawLog(lake, 400);
        this.datasets = new Datasets(lake, "processed-transactions");
        this.disk = disk;
    }

    /** Three versions; how many rows each has. */
    List<Long> versions() throws IOException {
        List<Long> rows = new ArrayList<>();
        double[] shares = {0, 0.3, 0.6, 1};
        for (int i = 1; i < shares.length; i++) {
            log.write(shares[i - 1], shares[i], i);
            assertThat(etl()).isPresent();
            rows.add(rows(i));
        }
        return rows;
    }

    Optional<DatasetManifest> etl() throws IOException {
        EtlRisk risk = new EtlRisk.InForce(
                "transactions", new CaptureFiles(lake, "raw-transactions", "outrider", "labels"), false);
        EtlRequest request = new EtlRequest(
                "t", log.files(), RawLog.PARTITIONS, "murmur2", PLAN, Optional.empty(), false, risk, disk);
        return new EtlJob(lake, SETTINGS, request, Clock.systemUTC()).run((stage, share) -> {});
    }

    long rows(int version) throws IOException {
        long[] rows = {0};
        new DatasetRows(lake, datasets.get("t", version), PLAN, disk).from("", row -> rows[0]++, share -> {});
        return rows[0];
    }

    /** Files that one version names and no other. */
    Set<String> only(int version) throws IOException {
        Set<String> names = new TreeSet<>(datasets.get("t", version).fileNames());
        for (int other : datasets.versions("t")) {
            if (other != version) {
                names.removeAll(datasets.get("t", other).fileNames());
            }
        }
        return names;
    }

    void assertAllAreWhole() throws IOException {
        Set<String> there = new TreeSet<>();
        lake.list("").forEach(entry -> there.add(entry.name()));
        for (int version : datasets.versions("t")) {
            assertThat(there).containsAll(datasets.get("t", version).fileNames());
        }
        ModelFiles models = new ModelFiles(lake, "p");
        for (String version : models.versions()) {
            Lineage lineage = models.manifest(version).lineage();
            assertThat(lineage == null
                            || datasets.versions("t").contains(lineage.dataset().version()))
                    .isTrue();
        }
    }

    /** Registers a model of data up to that day of March; returns its version. */
    String model(int day, @Nullable DatasetManifest on) throws IOException {
        return model(day, on, List.of());
    }

    /** The same, compared with others. */
    String model(int day, @Nullable DatasetManifest on, List<String> parents) throws IOException {
        List<Lineage.File> files = on == null
                ? List.of()
                : on.files().stream()
                        .map((DataFile file) -> new Lineage.File(file.name(), file.rows(), file.sha256()))
                        .toList();
        Instant end = Instant.parse("2026-03-01T00:00:00Z").plus(Duration.ofDays(day - 1));
        Model model = Model.of(
                new FusedScore(List.of(), List.of(new Evidence(0, false, Curve.line(1), 1, 0))),
                new Model.Decided(
                        new ModelManifest.Plan("p", "f", List.of("a")),
                        new Calibration(Curve.line(1)),
                        new PolicyTerms(1, Duration.ZERO, 2, 5, 20, 0),
                        new ModelManifest.Origin("test", 1, Instant.EPOCH, end, 1, Map.of()),
                        Map.of(),
                        null,
                        on == null
                                ? null
                                : new Lineage(new Lineage.Dataset("t", on.version(), files), Map.of(), parents)));
        new ModelFiles(lake, "p").save(model);
        String version = model.manifest().version();
        lake.put("models/p/" + version + "/model.onnx", new byte[] {1});
        return version;
    }

    static RetentionSettings settings(Duration raw, Duration datasets, Duration models, Duration undelivered) {
        return new RetentionSettings(raw, Duration.ZERO, Duration.ZERO, datasets, models, undelivered);
    }

    static RetentionSettings unread(Duration raw, Duration unread) {
        return new RetentionSettings(raw, unread, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    Retention retention(RetentionSettings settings, Clock clock) {
        return new Retention(lake, settings, PLACES, clock);
    }

    /** Runs the job, killed after so many deletions. */
    JobResult run(Retention retention, int deletions) throws Exception {
        return new SupervisedRetention(
                        new BreakingStore(lake, deletions - 1, true),
                        "processed-transactions",
                        leases(),
                        retention,
                        new RetentionMetrics())
                .run(new Attempt());
    }

    DatasetLeases leases() {
        return new DatasetLeases(lake, "processed-transactions", Clock.systemUTC());
    }

    /** @param hears what is said before anything has been deleted */
    record Attempt(Consumer<String> hears) implements JobContext {

        Attempt() {
            this(message -> {});
        }

        @Override
        public String runId() {
            return "retention-1";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Instant requestedAt() {
            return Instant.EPOCH;
        }

        @Override
        public Map<String, String> parameters() {
            return Map.of();
        }

        @Override
        public Path disk() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void progress(double fraction, String message, Map<String, Long> counters) {
            if (fraction == 0) {
                hears.accept(message);
            }
        }

        @Override
        public void checkStopped() {}

        @Override
        public boolean goesOnElsewhere() {
            return false;
        }
    }
}
