package io.outrider.training.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.etl.HopelessReplayException;
import io.outrider.training.etl.RawLog;
import io.outrider.training.etl.ReplayEngine;
import io.outrider.training.etl.ReplayThreads;
import io.outrider.training.etl.SupervisedEtl;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three nodes with a lake between them. Two live as long as the test class, the third as one test wants it. */
class ClusterReplayTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final QualityGate GATE = new QualityGate(1, 0.01, 0.5, 0, 0);
    private static final EtlSettings SETTINGS = new EtlSettings("processed-transactions", 150, 2, 2, GATE);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-02T00:00:00Z"), ZoneOffset.UTC);
    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static BatchNode host;
    private static BatchNode second;

    private final ExecutorService run = Executors.newSingleThreadExecutor();

    @TempDir
    private Path folder;

    private BlobStore lake;
    private RawLog log;

    @BeforeAll
    static void form() {
        host = BatchNode.first();
        second = BatchNode.join(host);
    }

    @AfterAll
    static void end() {
        second.close();
        host.close();
    }

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder.resolve("lake"));
        log = new RawLog(lake, 600);
        log.write(0, 0.5, 1);
        host.etl = etl(SETTINGS);
        second.etl = etl(SETTINGS);
        host.awaitWorkers(2);
    }

    @AfterEach
    void stop() {
        run.shutdownNow();
    }

    @Test
    void aRunOnThreeNodesMakesTheSameBytesAsOneOnOneNode() throws Exception {
        try (BatchNode third = BatchNode.join(host)) {
            third.etl = etl(SETTINGS);
            host.awaitWorkers(3);
            StringBuilder steps = new StringBuilder();
            job(cluster()).run((step, fraction) -> steps.append(step).append('\n'));
            assertThat(steps).contains("replay on 3 nodes");
            log.write(0.5, 1, 2);
            DatasetManifest last = job(cluster()).run(Progress.NONE).orElseThrow();
            assertThat(last.version()).isEqualTo(2);
            assertThat(last.total().rows()).isEqualTo(600);
            assertThat(job(cluster()).run(Progress.NONE)).as("nothing new").isEmpty();
        }
        Map<String, String> spread = contents();

        lake = new FolderBlobStore(folder.resolve("other-lake"));
        log = new RawLog(lake, 600);
        log.write(0, 0.5, 1);
        job(new ReplayThreads(1)).run(Progress.NONE);
        log.write(0.5, 1, 2);
        job(new ReplayThreads(1)).run(Progress.NONE);
        assertThat(contents()).isEqualTo(spread);
    }

    @Test
    void whatANodeThatDiesHadIsDoneByAnother() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        try (BatchNode third = BatchNode.join(host)) {
            third.etl = (disk, accept) -> never(taken);
            host.awaitWorkers(3);
            Future<Optional<DatasetManifest>> version =
                    run.submit(() -> job(cluster(Duration.ofSeconds(2))).run(Progress.NONE));
            assertThat(taken.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            third.die();
            assertThat(version.get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .orElseThrow()
                            .total()
                            .rows())
                    .isEqualTo(rows());
        }
    }

    @Test
    void aNodeThatStopsGivesItsPartitionsBackAtOnce() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        try (BatchNode third = BatchNode.join(host)) {
            third.etl = (disk, accept) -> never(taken);
            host.awaitWorkers(3);
            Future<Optional<DatasetManifest>> version =
                    run.submit(() -> job(cluster()).run(Progress.NONE));
            assertThat(taken.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            third.workers.drain(LIMIT).toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(version.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isPresent();
        }
    }

    @Test
    void aNodeWithOtherSettingsTakesNothingAndIsNotNeeded() throws Exception {
        second.etl = etl(new EtlSettings("processed-transactions", 50, 2, 2, GATE));
        DatasetManifest version = job(cluster()).run(Progress.NONE).orElseThrow();
        assertThat(version.total().rows()).isEqualTo(rows());
        assertThat(version.files()).anyMatch(file -> file.rows() > 50);
    }

    @Test
    void aLongLogIsReplayedOnAnotherNodeAsWell() throws Exception {
        host.etl = etl(new EtlSettings("processed-transactions", 50, 2, 2, GATE)); // so that it takes nothing
        byte[] empty = new CaptureFileBuilder("g1", 0).finish();
        for (int i = 0; i < 700; i++) {
            CaptureFileName name =
                    log.files().name(0, Instant.parse("2026-01-01T00:00:00Z").plusSeconds(300L * i));
            Path file = folder.resolve("lake/raw-transactions").resolve(name.path());
            Files.createDirectories(file.getParent());
            Files.write(file, empty);
        }
        DatasetManifest version = job(cluster()).run(Progress.NONE).orElseThrow();
        assertThat(version.captured()).hasSize(700 + RawLog.PARTITIONS);
        assertThat(version.total().rows()).isEqualTo(rows());
    }

    @Test
    void whatAnEarlierProgramOrdersAndWhatOtherFilesWouldMakeIsRefused() throws Exception {
        PartitionProgress start = PartitionProgress.start(0);
        DatasetOrigin origin =
                new DatasetOrigin("outrider/transactions", "g1", 3, "murmur2", "t", PLAN.fingerprint(), "unknown", "");
        ReplayOrder earlier = new ReplayOrder("t/", origin, false, start, List.of("a.avro"), null);
        assertThat(refusal(earlier)).isEqualTo("the run's node has an earlier program");
        ReplayOrder.Captured two = new ReplayOrder.Captured(2, "outrider/transactions/0/9");
        assertThat(refusal(new ReplayOrder("t/", origin, false, start, List.of(), two)))
                .startsWith("this node finds 1 new Capture files of partition 0 up to ")
                .endsWith(", not 2; run again");
        ReplayOrder.Captured one = new ReplayOrder.Captured(1, "outrider/transactions/0/9");
        assertThat(refusal(new ReplayOrder("t/", origin, false, start, List.of(), one)))
                .startsWith("this node would make another thing of partition 0");
    }

    private static String refusal(ReplayOrder order) throws Exception {
        ActorRef<ReplayWorkerEntity.Command> worker =
                host.knownWorkers().iterator().next();
        ReplayCoordinatorEntity.Command said;
        do { // it may say first that it is there, and an ask takes one word only
            said = AskPattern.<ReplayWorkerEntity.Command, ReplayCoordinatorEntity.Command>ask(
                            worker,
                            replyTo -> new ReplayWorkerEntity.Take(order, replyTo),
                            LIMIT,
                            host.system.scheduler())
                    .toCompletableFuture()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } while (said instanceof ReplayCoordinatorEntity.Alive);
        ReplayOutcome outcome = ((ReplayCoordinatorEntity.Answer) said).outcome();
        return ((ReplayOutcome.Refused) outcome).why();
    }

    @Test
    void aDamagedFileIsHopelessOnWhateverNodeItWasRead() throws IOException {
        Path first;
        try (Stream<Path> files = Files.walk(folder.resolve("lake/raw-transactions"))) {
            first = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(first);
        Files.write(first, Arrays.copyOf(bytes, bytes.length - 9));
        assertThatThrownBy(() -> job(cluster()).run(Progress.NONE))
                .isInstanceOf(HopelessReplayException.class)
                .hasMessageContaining(first.getFileName().toString());
    }

    @Test
    void aRunThatIsStoppedStopsItsWorkers() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        second.etl = (disk, accept) -> {
            try {
                return never(taken);
            } finally {
                stopped.countDown();
            }
        };
        Future<?> version = run.submit(() -> job(cluster()).run(Progress.NONE));
        assertThat(taken.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        run.shutdownNow();
        assertThatThrownBy(() -> version.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedIOException.class);
        await().atMost(LIMIT).until(() -> stopped.getCount() == 0);
        second.etl = etl(SETTINGS);
        assertThat(job(cluster()).run(Progress.NONE)).as("the next run").isPresent();
    }

    /** Work that goes on until it is interrupted. */
    private static EtlJob never(CountDownLatch taken) {
        taken.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("interrupted");
    }

    private static ReplayEngine cluster() {
        return cluster(Duration.ofSeconds(30));
    }

    private static ReplayEngine cluster(Duration lostAfter) {
        return new ClusterReplay(host.system, HEARTBEAT, lostAfter);
    }

    private SupervisedEtl.Etl etl(EtlSettings settings) {
        return (disk, accept) -> job(settings, new ReplayThreads(1));
    }

    private EtlJob job(ReplayEngine engine) {
        return job(SETTINGS, engine);
    }

    private EtlJob job(EtlSettings settings, ReplayEngine engine) {
        EtlRisk risk = new EtlRisk.InForce(
                "transactions", new CaptureFiles(lake, "raw-transactions", "outrider", "labels"), false);
        EtlRequest request = new EtlRequest(
                "t", log.files(), RawLog.PARTITIONS, "murmur2", PLAN, Optional.empty(), false, risk, folder);
        return new EtlJob(lake, settings, request, engine, CLOCK);
    }

    /** Rows of the first half of each partition. */
    private long rows() {
        long rows = 0;
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            rows += (int) (0.5 * log.size(partition));
        }
        return rows;
    }

    /** Bytes of all that the dataset consists of, by name. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (BlobStore.Entry entry : lake.list("processed-transactions/")) {
            byte[] content = lake.get(entry.name()).orElseThrow().content();
            contents.put(entry.name(), new String(content, StandardCharsets.ISO_8859_1));
        }
        return contents;
    }
}
