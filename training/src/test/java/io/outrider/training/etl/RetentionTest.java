package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

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
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.dataset.Quality;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import io.outrider.training.retention.Expired;
import io.outrider.training.retention.HeldBack;
import io.outrider.training.retention.Retention;
import io.outrider.training.retention.RetentionSettings;
import io.outrider.training.retention.SupervisedRetention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is older than it is kept goes, in parts or at once, and what something refers to stays. */
class RetentionTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final EtlSettings SETTINGS =
            new EtlSettings("processed-transactions", 150, 2, 2, new QualityGate(1, 0.01, 0.5, 0, 0));
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofDays(40));
    private static final Retention.Places PLACES = new Retention.Places(
            "raw-transactions", "outrider/transactions", "outrider/labels", "processed-transactions");

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private BlobStore lake;
    private RawLog log;
    private Datasets datasets;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        log = new RawLog(lake, 400);
        datasets = new Datasets(lake, "processed-transactions");
    }

    @Test
    void nothingGoesWhereEverythingIsKeptForEverNorWhatIsYoung() throws Exception {
        versions();
        model(1, null);
        assertThat(retention(settings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO), LATER)
                        .expired())
                .isEmpty();
        assertThat(retention(settings(Duration.ZERO, KEPT, KEPT, KEPT), Clock.systemUTC())
                        .expired())
                .isEmpty();
        assertThatThrownBy(() -> settings(Duration.ZERO, Duration.ofHours(5), Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("outrider.retention.datasets");
        assertThatThrownBy(() -> unread(Duration.ZERO, KEPT))
                .hasMessageContaining("outrider.retention.unread")
                .hasMessageContaining("without outrider.retention.raw");
        assertThatThrownBy(() -> unread(KEPT, KEPT.minusDays(1)))
                .hasMessageContaining("outrider.retention.unread: must be as long as outrider.retention.raw, PT720H");
    }

    @Test
    void aVersionThatAModelWasTrainedOnSurvivesWithAllItsFilesAndTheNewestToo() throws Exception {
        List<Long> rows = versions();
        model(1, datasets.get("t", 1));
        Retention retention = retention(settings(Duration.ZERO, KEPT, Duration.ZERO, Duration.ZERO), LATER);
        Set<String> states = only(2);

        assertThat(run(retention, Integer.MAX_VALUE).nothingNew()).isFalse();
        assertThat(datasets.versions("t")).containsExactly(1, 3);
        assertThat(run(retention, Integer.MAX_VALUE).nothingNew()).isFalse();
        assertThat(run(retention, Integer.MAX_VALUE).nothingNew()).isTrue();

        assertThat(rows(1)).isEqualTo(rows.get(0));
        assertThat(rows(3)).isEqualTo(rows.get(2));
        assertThat(states).isNotEmpty();
        for (String name : states) {
            assertThat(lake.get(name)).as(name).isEmpty();
        }
        log.add(0, RawLog.START + 9_000_000_000L, new byte[] {'{'});
        log.write(0, log.size(0) - 1, log.size(0), 9);
        assertThat(etl())
                .as("ETL goes on")
                .hasValueSatisfying(version -> assertThat(version.version()).isEqualTo(4));
    }

    @Test
    void rowsOfOldDatesLeaveWithANewVersionAndAModelsVersionKeepsThem() throws Exception {
        versions();
        model(1, datasets.get("t", 3));
        Clock clock = Clock.fixed(Instant.parse("2026-03-04T12:00:00Z"), ZoneOffset.UTC);
        Duration twoDays = Duration.ofDays(2);
        Retention retention = retention(
                new RetentionSettings(
                        Duration.ZERO, Duration.ZERO, twoDays, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                clock);
        long before = rows(3);

        assertThat(run(retention, Integer.MAX_VALUE).results()).containsEntry("shortened", "1");
        assertThat(run(retention, Integer.MAX_VALUE).nothingNew()).isTrue();

        DatasetManifest newest = datasets.newest("t").orElseThrow();
        assertThat(newest.version()).isEqualTo(4);
        assertThat(newest.files()).isNotEmpty().allMatch(file -> file.date().compareTo("2026-03-02") >= 0);
        assertThat(rows(4)).isPositive().isEqualTo(before - datasets.get("t", 3).rowsBefore("2026-03-02"));
        assertThat(newest.added())
                .as("how ETL last did can still be seen")
                .isEqualTo(datasets.get("t", 3).added())
                .isNotEqualTo(Quality.NONE);
        assertThat(rows(3)).as("reproducible").isEqualTo(before);
        assertThat(etl()).as("nothing is read again").isEmpty();
    }

    @Test
    void aKillAfterAnyDeletionLeavesALakeInWhichEveryVersionIsWhole() throws Exception {
        versions();
        model(1, datasets.get("t", 2));
        String newest = model(2, datasets.get("t", 3));
        Retention retention = retention(settings(Duration.ZERO, KEPT, KEPT, Duration.ZERO), LATER);
        int killed = 0;
        while (!retention.expired().isEmpty()) {
            assertThatThrownBy(() -> run(retention, 1)).hasMessage("killed");
            killed++;
            assertAllAreWhole();
        }
        assertThat(killed).isGreaterThan(5);
        assertThat(datasets.versions("t")).containsExactly(3);
        assertThat(new ModelFiles(lake, "p").versions()).containsExactly(newest);
    }

    @Test
    void modelsInForceNamedByACheckpointOrNewestStay() throws Exception {
        model(1, null);
        new StageFile(lake, "p").readOrBegin(new ModelFiles(lake, "p"), Clock.systemUTC());
        String named = model(2, null);
        lake.put(
                "checkpoints/transactions/0/manifest.json",
                ("{\"context\":{\"modelVersion\":\"" + named + "\"}}").getBytes(StandardCharsets.UTF_8));
        String unused = model(3, null);
        model(4, null);

        assertThat(retention(settings(Duration.ZERO, Duration.ZERO, KEPT, Duration.ZERO), LATER)
                        .expired())
                .extracting(Expired::name)
                .containsExactly("models/p/" + unused + "/manifest.json", "models/p/" + unused + "/model.onnx");
    }

    @Test
    void rawFilesGoOnceTheyAreReadAndAPartitionsLastOneStays() throws Exception {
        log.write(0, 0.2, 1);
        log.write(0.2, 0.4, 2);
        etl();
        log.write(0.4, 0.7, 3);
        log.write(0.7, 1, 4);
        CaptureFiles alerts = new CaptureFiles(lake, "raw-transactions", "outrider", "alerts");
        for (int minute = 1; minute <= 2; minute++) {
            CaptureFileBuilder file = new CaptureFileBuilder("g", 0);
            file.add(log.at(0, 0));
            assertThat(alerts.create(
                            alerts.name(0, Instant.parse("2026-04-01T00:00:00Z").plusSeconds(60L * minute)),
                            file.finish()))
                    .isTrue();
        }
        RetentionSettings settings = settings(KEPT, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        Clock june = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
        List<String> names = new ArrayList<>(List.of("outrider/alerts/0/2026/04/01/00/01/00.avro"));
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            for (int minute = 1; minute <= 2; minute++) {
                names.add("outrider/transactions/" + partition + "/2026/04/01/00/0" + minute + "/00.avro");
            }
        }

        assertThat(retention(settings, june).expired())
                .extracting(Expired::name)
                .containsExactlyElementsOf(
                        names.stream().map(name -> "raw-transactions/" + name).toList());
    }

    @Test
    void nothingIsDeletedWhileEtlIsAtWorkAndRetentionWaitsForItAndSaysSo() throws Exception {
        versions();
        Retention retention = retention(settings(Duration.ZERO, KEPT, KEPT, Duration.ZERO), LATER);
        List<BlobStore.Entry> before = lake.list("processed-transactions/t/");
        List<String> heard = new ArrayList<>();
        DatasetLease etl = leases(lake).take(LeaseUse.WRITE, "ETL of dataset t");
        SupervisedRetention job = new SupervisedRetention(
                lake, "processed-transactions", leases(lake), retention, new RetentionMetrics());

        JobResult result = job.run(new Attempt(message -> {
            if (message.startsWith("waiting")) {
                heard.add(message);
                try {
                    assertThat(lake.list("processed-transactions/t/")).isEqualTo(before);
                    etl.confirm();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                etl.close();
            }
        }));

        assertThat(heard)
                .singleElement()
                .asString()
                .startsWith("waiting for ETL of dataset t, at the datasets since 20");
        assertThat(result.nothingNew()).isFalse();
        assertThat(datasets.versions("t")).containsExactly(3);
    }

    @Test
    void whatIsReferredToSinceTheLookStays() throws Exception {
        versions();
        Retention retention = retention(settings(Duration.ZERO, KEPT, Duration.ZERO, Duration.ZERO), LATER);

        new SupervisedRetention(lake, "processed-transactions", leases(lake), retention, new RetentionMetrics())
                .run(new Attempt(message -> {
                    try {
                        if (message.startsWith("deleting")) {
                            model(1, datasets.get("t", 1));
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));

        assertThat(datasets.versions("t")).containsExactly(1, 3);
        assertThat(rows(1)).isPositive();
    }

    @Test
    void whatNodesCountIsNoModelAndNoPlanGoes() throws Exception {
        model(1, null);
        lake.put("models/p/plans/0123.conf", new byte[] {'{', '}'});
        lake.put("models/p/live/node-1.json", new byte[] {'{', '}'});

        assertThat(retention(settings(Duration.ZERO, Duration.ZERO, KEPT, Duration.ZERO), LATER)
                        .expired())
                .isEmpty();
    }

    @Test
    void rawFilesWaitForADatasetThatIsNotThereOrNotExtendedUnlessTheyMayGoUnread() throws Exception {
        log.write(0, 0.3, 1);
        log.write(0.3, 0.6, 2);
        Clock june = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
        Retention waiting = retention(settings(KEPT, Duration.ZERO, Duration.ZERO, Duration.ZERO), june);
        assertThat(waiting.expired()).as("no dataset").isEmpty();
        assertThat(waiting.heldBack())
                .extracting(HeldBack::log, HeldBack::files, HeldBack::datasets)
                .containsExactly(tuple("outrider/transactions", (long) RawLog.PARTITIONS, Set.of()));

        etl(); // never again
        log.write(0.6, 0.8, 3);
        log.write(0.8, 1, 4);
        assertThat(waiting.expired()).hasSize(2 * RawLog.PARTITIONS);
        assertThat(waiting.heldBack())
                .extracting(HeldBack::files, HeldBack::datasets)
                .containsExactly(tuple((long) RawLog.PARTITIONS, Set.of("t")));

        Retention unread = retention(unread(KEPT, KEPT), june);
        assertThat(unread.expired())
                .hasSize(3 * RawLog.PARTITIONS)
                .filteredOn(one -> one.what().equals("unread"))
                .hasSize(RawLog.PARTITIONS)
                .allMatch(one -> one.name().endsWith("00/03/00.avro"));
        assertThat(unread.heldBack()).isEmpty();
    }

    @Test
    void whatWebhooksDidNotTakeGoesWithItsTimeAndIsCounted() throws Exception {
        String dead = "alerts/transactions/webhooks/cases/dead/g-0-1.json";
        lake.put(dead, new byte[] {'{', '}'});
        lake.put("alerts/transactions/webhooks/cases.json", new byte[] {'{', '}'});
        RetentionMetrics metrics = new RetentionMetrics();
        Retention retention = retention(settings(Duration.ZERO, Duration.ZERO, Duration.ZERO, KEPT), LATER);

        JobResult result = new SupervisedRetention(lake, "processed-transactions", leases(lake), retention, metrics)
                .run(new Attempt());

        assertThat(result.results()).containsEntry("undelivered", "1").containsEntry("bytes", "2");
        assertThat(metrics.files()).isEqualTo(Map.of("undelivered", 1L));
        assertThat(metrics.bytes()).isEqualTo(Map.of("undelivered", 2L));
        assertThat(lake.list("alerts/"))
                .extracting(BlobStore.Entry::name)
                .containsExactly("alerts/transactions/webhooks/cases.json");
    }

    /** Three versions; how many rows each has. */
    private List<Long> versions() throws IOException {
        List<Long> rows = new ArrayList<>();
        double[] shares = {0, 0.3, 0.6, 1};
        for (int i = 1; i < shares.length; i++) {
            log.write(shares[i - 1], shares[i], i);
            assertThat(etl()).isPresent();
            rows.add(rows(i));
        }
        return rows;
    }

    private Optional<DatasetManifest> etl() throws IOException {
        EtlRisk risk = new EtlRisk.InForce(
                "transactions", new CaptureFiles(lake, "raw-transactions", "outrider", "labels"), false);
        EtlRequest request = new EtlRequest(
                "t", log.files(), RawLog.PARTITIONS, "murmur2", PLAN, Optional.empty(), false, risk, disk);
        return new EtlJob(lake, SETTINGS, request, Clock.systemUTC()).run((stage, share) -> {});
    }

    private long rows(int version) throws IOException {
        long[] rows = {0};
        new DatasetRows(lake, datasets.get("t", version), PLAN, disk).from("", row -> rows[0]++, share -> {});
        return rows[0];
    }

    /** Files that one version names and no other. */
    private Set<String> only(int version) throws IOException {
        Set<String> names = new TreeSet<>(datasets.get("t", version).fileNames());
        for (int other : datasets.versions("t")) {
            if (other != version) {
                names.removeAll(datasets.get("t", other).fileNames());
            }
        }
        return names;
    }

    private void assertAllAreWhole() throws IOException {
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
    private String model(int day, @Nullable DatasetManifest on) throws IOException {
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
                                : new Lineage(new Lineage.Dataset("t", on.version(), files), Map.of(), List.of())));
        new ModelFiles(lake, "p").save(model);
        String version = model.manifest().version();
        lake.put("models/p/" + version + "/model.onnx", new byte[] {1});
        return version;
    }

    private static RetentionSettings settings(Duration raw, Duration datasets, Duration models, Duration undelivered) {
        return new RetentionSettings(raw, Duration.ZERO, Duration.ZERO, datasets, models, undelivered);
    }

    private static RetentionSettings unread(Duration raw, Duration unread) {
        return new RetentionSettings(raw, unread, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    private Retention retention(RetentionSettings settings, Clock clock) {
        return new Retention(lake, settings, PLACES, clock);
    }

    /** Runs the job, killed after so many deletions. */
    private JobResult run(Retention retention, int deletions) throws Exception {
        return new SupervisedRetention(
                        new KilledStore(lake, deletions),
                        "processed-transactions",
                        leases(lake),
                        retention,
                        new RetentionMetrics())
                .run(new Attempt());
    }

    private static DatasetLeases leases(BlobStore lake) {
        return new DatasetLeases(lake, "processed-transactions", Clock.systemUTC());
    }

    /** @param hears what is said before anything has been deleted */
    private record Attempt(Consumer<String> hears) implements JobContext {

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

    /** Fails once so many blobs are deleted. */
    private static final class KilledStore implements BlobStore {

        private final BlobStore lake;
        private int left;

        KilledStore(BlobStore lake, int deletions) {
            this.lake = lake;
            this.left = deletions;
        }

        @Override
        public void delete(String name) throws IOException {
            lake.delete(name);
            if (--left == 0) {
                throw new IOException("killed");
            }
        }

        @Override
        public Optional<Blob> get(String name) throws IOException {
            return lake.get(name);
        }

        @Override
        public String put(String name, byte[] content) throws IOException {
            return lake.put(name, content);
        }

        @Override
        public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
            return lake.putIfAbsent(name, content);
        }

        @Override
        public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
            return lake.putIfMatch(name, content, etag);
        }

        @Override
        public List<Entry> list(String prefix) throws IOException {
            return lake.list(prefix);
        }
    }
}
