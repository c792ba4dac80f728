package io.outrider.training.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunEnd;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.core.telemetry.BatchMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.training.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Supervisor and worker with real threads and a real lake, in time that passes when the test says so. */
class SupervisorEntityTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    private Path folder;

    private final Config config =
            ManualTime.config().withFallback(ConfigFactory.parseString("""
                    pekko.loglevel = WARNING
                    outrider.supervisor {
                      retry { first = 10 s, longest = 60 s, jitter = 0 }
                      kinds.etl { cron = "", attempts = 3, timeout = 1 h }
                      kinds.training { cron = "", attempts = 3, timeout = 1 h }
                    }
                    """)).withFallback(ConfigFactory.load());
    private final ActorTestKit kit = ActorTestKit.create(config);
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestClock clock = new TestClock(START);
    private final BatchMetrics metrics = new BatchMetrics();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScriptedJob etl = new ScriptedJob("etl", true);
    private final ScriptedJob training = new ScriptedJob("training", false);
    private final TestProbe<SupervisorEntity.Reply> probe = kit.createTestProbe();
    private SupervisorSettings settings = SupervisorSettings.from(config);

    private FolderBlobStore lake;

    @BeforeEach
    void openLake() throws IOException {
        lake = new FolderBlobStore(folder.resolve("lake"));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        threads.shutdownNow();
    }

    /** Time as the supervisor reads it. */
    private ActorRef<WorkerEntity.Command> worker() {
        return kit.spawn(WorkerEntity.create(
                new WorkerEntity.Parts(jobs(), folder.resolve("disk"), settings.heartbeat(), threads, Tracing.OFF)));
    }

    private Map<String, Job> jobs() {
        return Map.of("etl", etl, "training", training);
    }

    private ActorRef<SupervisorEntity.Command> supervisor() {
        return kit.spawn(SupervisorEntity.create(settings, jobs(), () -> new RunFiles(lake), clock, metrics));
    }

    private void pass(Duration duration) {
        clock.now = clock.now.plus(duration);
        time.timePasses(duration.compareTo(Duration.ofSeconds(2)) < 0 ? duration : Duration.ofSeconds(2));
    }

    private Runs.Answer start(ActorRef<SupervisorEntity.Command> supervisor, String kind) {
        return start(supervisor, kind, RunRequest.manual(Map.of(), null));
    }

    private Runs.Answer start(ActorRef<SupervisorEntity.Command> supervisor, String kind, RunRequest request) {
        supervisor.tell(new SupervisorEntity.Start(kind, request, probe.ref()));
        return probe.expectMessageClass(SupervisorEntity.Started.class).answer();
    }

    private Run run(ActorRef<SupervisorEntity.Command> supervisor, String kind, long number) {
        supervisor.tell(new SupervisorEntity.Find(kind, number, probe.ref()));
        return Objects.requireNonNull(
                probe.expectMessageClass(SupervisorEntity.Found.class).run());
    }

    private Run awaitState(ActorRef<SupervisorEntity.Command> supervisor, String kind, long number, RunState state) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            pass(Duration.ofSeconds(1));
            return run(supervisor, kind, number).state() == state;
        });
        return run(supervisor, kind, number);
    }

    private static String summary(Run run) {
        return Objects.requireNonNull(run.end()).summary();
    }

    private String document(String name) {
        try {
            return Files.readString(folder.resolve("lake/runs").resolve(name), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRunGoesFromItsRequestToItsEndAndStaysInTheLake() throws IOException {
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        Runs.Answer answer = start(supervisor, "etl");
        assertThat(answer).isInstanceOf(Runs.Answer.Accepted.class);
        assertThat(run(supervisor, "etl", 1).state()).as("no node works yet").isEqualTo(RunState.QUEUED);
        worker();
        awaitState(supervisor, "etl", 1, RunState.RUNNING);
        assertThat(start(supervisor, "etl")).isInstanceOf(Runs.Answer.Busy.class);
        etl.progress(0.25, "replay");
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return run(supervisor, "etl", 1).progress().fraction() == 0.25;
        });
        assertThat(run(supervisor, "etl", 1).progress().counters()).containsEntry("rows", 7L);
        etl.finish("made it");
        Run done = awaitState(supervisor, "etl", 1, RunState.SUCCEEDED);
        assertThat(summary(done)).isEqualTo("made it");
        assertThat(done.progress().counters()).containsEntry("rows", 7L);
        assertThat(document("etl/000000001.json")).contains("\"SUCCEEDED\"", "made it");
        try (Stream<Path> left = Files.list(folder.resolve("disk"))) {
            assertThat(left).as("what the attempt had on disk").isEmpty();
        }
    }

    @Test
    void metricsTellWhatRunsAndWhatHasEndedWhereTheSupervisorIs() {
        worker();
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        start(supervisor, "etl");
        awaitState(supervisor, "etl", 1, RunState.RUNNING);
        assertThat(metrics.standing().get("etl")).isEqualTo(new BatchMetrics.Standing(true, START.toEpochMilli()));
        assertThat(metrics.standing().get("training"))
                .isEqualTo(new BatchMetrics.Standing(false, START.toEpochMilli()));
        etl.finish("made it");
        Run done = awaitState(supervisor, "etl", 1, RunState.SUCCEEDED);
        start(supervisor, "etl");
        etl.fail(new Job.HopelessException("the file is damaged"));
        awaitState(supervisor, "etl", 2, RunState.FAILED);

        assertThat(metrics.ended())
                .isEqualTo(
                        Map.of(new BatchMetrics.Ended("etl", "done"), 1L, new BatchMetrics.Ended("etl", "failed"), 1L));
        assertThat(LongStream.of(Objects.requireNonNull(metrics.seconds().get("etl"))
                                .counts())
                        .sum())
                .isEqualTo(2);
        long successMs = Objects.requireNonNull(done.end()).at().toEpochMilli();
        assertThat(metrics.standing().get("etl")).isEqualTo(new BatchMetrics.Standing(false, successMs));
        kit.stop(supervisor);
        await().until(() -> metrics.standing().isEmpty());
    }

    @Test
    void aKindThatNobodyKnowsAndAParameterThatTheJobRefusesAreSaidSo() {
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        assertThat(start(supervisor, "tea")).isEqualTo(new Runs.Answer.UnknownKind(List.of("etl", "training")));
        assertThat(start(supervisor, "etl", RunRequest.manual(Map.of("sed", "7"), null)))
                .isEqualTo(new Runs.Answer.Refused("sed", "7", "there is no such parameter"));
    }

    @Test
    void whatARunNamesIsLookedUpBeforeItIsAcceptedUnlessTheLakeIsAway() {
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        assertThat(start(supervisor, "etl", RunRequest.manual(Map.of("lake", "dry"), null)))
                .isEqualTo(new Runs.Answer.Refused("lake", "dry", "there is no such lake"));
        assertThat(start(supervisor, "etl", RunRequest.manual(Map.of("lake", "away"), null)))
                .isInstanceOf(Runs.Answer.Accepted.class);
    }

    @Test
    void aBrokenAttemptIsTriedAgainAfterItsPause() {
        worker();
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        start(supervisor, "etl");
        etl.fail(new IOException("the lake was away"));
        Run waiting = awaitState(supervisor, "etl", 1, RunState.QUEUED);
        assertThat(waiting.attempts().setbacks()).containsExactly("attempt 1: the lake was away");
        Run again = awaitState(supervisor, "etl", 1, RunState.RUNNING);
        Instant nextAt = Objects.requireNonNull(waiting.attempts().nextAt());
        assertThat(Objects.requireNonNull(again.place()).since()).isAfterOrEqualTo(nextAt);
        etl.fail(new Job.HopelessException("the file is damaged"));
        assertThat(summary(awaitState(supervisor, "etl", 1, RunState.FAILED))).isEqualTo("the file is damaged");
        assertThat(etl.begun).containsExactly("etl-1 attempt 1", "etl-1 attempt 2");
    }

    @Test
    void aCancelledRunIsInterrupted() {
        worker();
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        start(supervisor, "etl");
        awaitState(supervisor, "etl", 1, RunState.RUNNING);
        await().until(() -> !etl.begun.isEmpty());
        supervisor.tell(new SupervisorEntity.Cancel("etl", 1, probe.ref()));
        Runs.Cancellation answer =
                probe.expectMessageClass(SupervisorEntity.Cancelled.class).answer();
        assertThat(answer).isInstanceOf(Runs.Cancellation.Cancelled.class);
        awaitState(supervisor, "etl", 1, RunState.CANCELLED);
        supervisor.tell(new SupervisorEntity.Cancel("etl", 1, probe.ref()));
        assertThat(probe.expectMessageClass(SupervisorEntity.Cancelled.class).answer())
                .isInstanceOf(Runs.Cancellation.Ended.class);
        assertThat(start(supervisor, "etl")).isInstanceOf(Runs.Answer.Accepted.class);
    }

    @Test
    void aRunThatTakesTooLongIsStopped() {
        worker();
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        start(supervisor, "etl");
        awaitState(supervisor, "etl", 1, RunState.RUNNING);
        pass(Duration.ofHours(1));
        assertThat(summary(awaitState(supervisor, "etl", 1, RunState.TIMED_OUT)))
                .isEqualTo("took longer than 3600 s");
    }

    @Test
    void theNextSupervisorGoesOnWithARunWhoseWorkerLives() {
        worker();
        ActorRef<SupervisorEntity.Command> first = supervisor();
        start(first, "training");
        awaitState(first, "training", 1, RunState.RUNNING);
        kit.stop(first);
        ActorRef<SupervisorEntity.Command> second = supervisor();
        training.progress(0.5, "fit");
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return run(second, "training", 1).progress().fraction() == 0.5;
        });
        training.finish("fitted");
        assertThat(summary(awaitState(second, "training", 1, RunState.SUCCEEDED)))
                .isEqualTo("fitted");
        assertThat(training.begun).containsExactly("training-1 attempt 1");
    }

    @Test
    void theNextSupervisorHearsHowARunEndedWhileThereWasNone() {
        worker();
        ActorRef<SupervisorEntity.Command> first = supervisor();
        start(first, "training");
        awaitState(first, "training", 1, RunState.RUNNING);
        kit.stop(first);
        training.finish("fitted");
        await().until(() -> training.script.isEmpty());
        assertThat(summary(awaitState(supervisor(), "training", 1, RunState.SUCCEEDED)))
                .isEqualTo("fitted");
    }

    @Test
    void whenSupervisorAndWorkerDieTheRunIsDoneAgainOrMarkedAsLost() {
        ActorRef<WorkerEntity.Command> worker = worker();
        ActorRef<SupervisorEntity.Command> first = supervisor();
        start(first, "etl");
        start(first, "training");
        awaitState(first, "etl", 1, RunState.RUNNING);
        awaitState(first, "training", 1, RunState.RUNNING);
        kit.stop(first);
        kit.stop(worker);
        ActorRef<SupervisorEntity.Command> second = supervisor();
        worker();
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return etl.begun.contains("etl-1 attempt 2");
        });
        etl.finish("made it");
        Run resumed = awaitState(second, "etl", 1, RunState.SUCCEEDED);
        assertThat(resumed.attempts().setbacks()).singleElement().asString().startsWith("attempt 1: lost on node ");
        Run lost = awaitState(second, "training", 1, RunState.FAILED);
        assertThat(Objects.requireNonNull(lost.end()).outcome()).isEqualTo(RunEnd.Outcome.LOST);
        assertThat(summary(lost)).contains("the node has gone");
        assertThat(training.begun).hasSize(1);
    }

    @Test
    void workOfANodeThatStopsGoesOnElsewhere() {
        ActorRef<WorkerEntity.Command> leaving = worker();
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        start(supervisor, "etl");
        awaitState(supervisor, "etl", 1, RunState.RUNNING);
        await().until(() -> etl.begun.size() == 1);
        TestProbe<Done> drained = kit.createTestProbe();
        leaving.tell(new WorkerEntity.Drain(drained.ref()));
        drained.receiveMessage();
        awaitState(supervisor, "etl", 1, RunState.QUEUED);
        pass(Duration.ofSeconds(30));
        assertThat(run(supervisor, "etl", 1).attempts().begun())
                .as("attempts while no other node works")
                .isEqualTo(1);
        worker();
        kit.stop(leaving);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return etl.begun.size() >= 2;
        });
        etl.finish("made it");
        Run done = awaitState(supervisor, "etl", 1, RunState.SUCCEEDED);
        assertThat(done.attempts().setbacks().get(0)).contains("its node was stopped");
    }

    @Test
    void aNodeIsNotDrainedBeforeTheSupervisorKnowsHowItsWorkEnded() {
        ActorRef<WorkerEntity.Command> worker = worker();
        TestProbe<SupervisorEntity.Command> supervisor = kit.createTestProbe();
        Work work = new Work("etl", 1, 1);
        worker.tell(new WorkerEntity.Execute(work, clock.instant(), Map.of(), supervisor.ref()));
        await().until(() -> etl.begun.size() == 1);
        TestProbe<Done> drained = kit.createTestProbe();
        etl.finish("made it");
        awaitDone(supervisor);
        worker.tell(new WorkerEntity.Drain(drained.ref()));
        worker.tell(new WorkerEntity.Attach(work, supervisor.ref()));
        awaitDone(supervisor);
        drained.expectNoMessage(Duration.ZERO);
        worker.tell(new WorkerEntity.Acknowledge(work));
        drained.receiveMessage();
    }

    private static void awaitDone(TestProbe<SupervisorEntity.Command> supervisor) {
        WorkStatus status;
        do {
            SupervisorEntity.Report report = supervisor.expectMessageClass(SupervisorEntity.Report.class);
            status = report.status();
        } while (!(status instanceof WorkStatus.Done));
    }

    @Test
    void ofTwoSupervisorsTheOneThatIsTooLateTakesTheOthersWord() {
        worker();
        ActorRef<SupervisorEntity.Command> stale = supervisor();
        assertThat(stale).isNotNull();
        supervisorKnows(stale);
        ActorRef<SupervisorEntity.Command> other = supervisor();
        start(other, "etl");
        awaitState(other, "etl", 1, RunState.RUNNING);
        stale.tell(new SupervisorEntity.Start("etl", RunRequest.manual(Map.of(), null), probe.ref()));
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            stale.tell(new SupervisorEntity.Find("etl", 1, probe.ref()));
            return probe.expectMessageClass(SupervisorEntity.Found.class).run() != null;
        });
        assertThat(etl.begun).containsExactly("etl-1 attempt 1");
    }

    private void supervisorKnows(ActorRef<SupervisorEntity.Command> supervisor) {
        supervisor.tell(new SupervisorEntity.ListRuns("etl", null, 10, probe.ref()));
        assertThat(Objects.requireNonNull(probe.expectMessageClass(SupervisorEntity.Listed.class)
                                .page())
                        .items())
                .isEmpty();
    }

    @Test
    void theScheduleFiresAndWhatNobodyWasThereForIsMadeUpForOnce() {
        settings =
                SupervisorSettings.from(ConfigFactory.parseString("outrider.supervisor.kinds.etl.cron = \"0 * * * *\"")
                        .withFallback(config));
        worker();
        ActorRef<SupervisorEntity.Command> first = supervisor();
        supervisorKnows(first);
        etl.finish("first");
        pass(Duration.ofMinutes(60));
        Run fired = awaitState(first, "etl", 1, RunState.SUCCEEDED);
        assertThat(fired.request().cause()).isEqualTo(RunCause.SCHEDULE);
        assertThat(fired.scheduledFor()).isEqualTo(START.plusSeconds(3_600));
        kit.stop(first);
        pass(Duration.ofMinutes(210));
        etl.finish("second");
        ActorRef<SupervisorEntity.Command> second = supervisor();
        Run caughtUp = awaitState(second, "etl", 2, RunState.SUCCEEDED);
        assertThat(caughtUp.request().reason()).startsWith("3 firings were missed");
        assertThat(caughtUp.scheduledFor()).isEqualTo(Instant.parse("2026-03-01T14:00:00Z"));
        second.tell(new SupervisorEntity.ListRuns("etl", null, 10, probe.ref()));
        assertThat(Objects.requireNonNull(probe.expectMessageClass(SupervisorEntity.Listed.class)
                                .page())
                        .items())
                .hasSize(2);
    }

    @Test
    void aScheduleThatIsNewHasMissedNothing() {
        worker();
        ActorRef<SupervisorEntity.Command> first = supervisor();
        supervisorKnows(first);
        kit.stop(first);
        settings =
                SupervisorSettings.from(ConfigFactory.parseString("outrider.supervisor.kinds.etl.cron = \"0 * * * *\"")
                        .withFallback(config));
        pass(Duration.ofHours(5).plusMinutes(30));
        ActorRef<SupervisorEntity.Command> second = supervisor();
        supervisorKnows(second);
        pass(Duration.ofSeconds(1));
        supervisorKnows(second);
        assertThat(document("etl/schedule.json")).contains("2026-03-01T15:30:00Z");
    }

    @Test
    void aDamagedDocumentIsLeftOutAndItsNumberNotUsedAgain() throws IOException {
        Path runs = Files.createDirectories(folder.resolve("lake/runs/etl"));
        Files.writeString(runs.resolve("000000007.json"), "{\"kind\": \"etl\", ");
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        supervisorKnows(supervisor);
        assertThat(start(supervisor, "etl"))
                .isInstanceOfSatisfying(
                        Runs.Answer.Accepted.class,
                        accepted -> assertThat(accepted.run().id()).isEqualTo("etl-8"));
    }

    @Test
    void onlySoManyRunsAreRemembered() {
        settings = SupervisorSettings.from(
                ConfigFactory.parseString("outrider.supervisor.history = 10").withFallback(config));
        worker();
        ActorRef<SupervisorEntity.Command> supervisor = supervisor();
        for (int number = 1; number <= 13; number++) {
            etl.finish("made it");
            start(supervisor, "etl");
            awaitState(supervisor, "etl", number, RunState.SUCCEEDED);
        }
        supervisor.tell(new SupervisorEntity.ListRuns("etl", null, 100, probe.ref()));
        List<Run> runs = Objects.requireNonNull(
                        probe.expectMessageClass(SupervisorEntity.Listed.class).page())
                .items();
        assertThat(runs).extracting(Run::number).startsWith(13L).endsWith(4L).hasSize(10);
        assertThat(folder.resolve("lake/runs/etl/000000003.json")).doesNotExist();
        supervisor.tell(new SupervisorEntity.ListRuns("etl", 8L, 3, probe.ref()));
        Runs.Page page = Objects.requireNonNull(
                probe.expectMessageClass(SupervisorEntity.Listed.class).page());
        assertThat(page.items()).extracting(Run::number).containsExactly(7L, 6L, 5L);
        assertThat(page.next()).isEqualTo(5L);
    }
}
