package io.outrider.training.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.core.telemetry.BatchMetrics;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.etl.BreakingStore;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import io.outrider.training.run.MadeDataset;
import io.outrider.training.run.TrainedModel;
import io.outrider.training.run.Trainer;
import io.outrider.training.run.TrainingRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A supervised training run, killed before and after each of its writes: the run's record, the model's files. What the lake then holds is
 * all that the next process knows.
 */
class KilledTrainingTest {

    private static final Instant START = Instant.parse("2026-04-01T10:00:00Z");
    private static final Config SMALL = ConfigFactory.parseString("""
            pekko.loglevel = WARNING
            outrider.supervisor {
              retry { first = 10 s, longest = 60 s, jitter = 0 }
              kinds.training { cron = "", attempts = 3, timeout = 1 h }
            }
            outrider.model.recipes.transactions.forest { trees = 3, sample-size = 32 }
            outrider.training.run { kind = forest, replicates = 20, gate { min-rows = 100, min-frauds = 100000 } }
            """);

    @TempDir
    private Path folder;

    private final Config config = ManualTime.config().withFallback(SMALL).withFallback(ConfigFactory.load());
    private final ActorTestKit kit = ActorTestKit.create(config);
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestClock clock = new TestClock(START);
    private final AtomicInteger working = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SupervisorSettings settings = SupervisorSettings.from(config);

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        threads.shutdownNow();
    }

    /** Training itself, without the ETL before it. */
    private final class Training implements Job {

        private final BlobStore lake;
        private final DatasetManifest dataset;

        Training(BlobStore lake, DatasetManifest dataset) {
            this.lake = lake;
            this.dataset = dataset;
        }

        @Override
        public String kind() {
            return "training";
        }

        @Override
        public boolean resumable() {
            return true;
        }

        @Override
        public void check(Map<String, String> parameters) {}

        @Override
        public JobResult run(JobContext context) throws IOException, HopelessException {
            working.incrementAndGet();
            try {
                TrainedModel trained = new Trainer(lake, config, new LiveMetrics(), Tracing.OFF, clock)
                        .train(dataset, Trainer.NONE, context.disk(), Pace.FULL, (step, done) -> {});
                return JobResult.done(
                        "trained",
                        Map.of("modelVersion", trained.model().manifest().version()));
            } catch (TrainingRefusedException e) {
                throw new HopelessException(String.valueOf(e.getMessage()), e);
            } finally {
                working.decrementAndGet();
            }
        }
    }

    /** The processes that the cluster has for this: a supervisor and a worker, over one lake. */
    private final class Processes {

        private final ActorRef<SupervisorEntity.Command> supervisor;
        private final ActorRef<WorkerEntity.Command> worker;
        private final TestProbe<SupervisorEntity.Reply> probe = kit.createTestProbe();

        Processes(BlobStore lake, DatasetManifest dataset) {
            Map<String, Job> jobs = Map.of("training", new Training(lake, dataset));
            worker = kit.spawn(WorkerEntity.create(
                    new WorkerEntity.Parts(jobs, folder.resolve("disk"), settings.heartbeat(), threads, Tracing.OFF)));
            supervisor = kit.spawn(
                    SupervisorEntity.create(settings, jobs, () -> new RunFiles(lake), clock, new BatchMetrics()));
        }

        void ask() {
            supervisor.tell(new SupervisorEntity.Start("training", RunRequest.manual(Map.of(), null), probe.ref()));
        }

        /** Time passes until the condition holds; it stands still while a job works, so that a slow machine loses none. */
        void passUntil(BooleanSupplier condition) {
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        if (working.get() == 0) {
                            clock.now = clock.now.plusSeconds(1);
                            time.timePasses(Duration.ofSeconds(1));
                        }
                        return condition.getAsBoolean();
                    });
        }

        void kill() {
            kit.stop(supervisor, Duration.ofSeconds(30));
            kit.stop(worker, Duration.ofSeconds(30));
        }
    }

    @Test
    void whereverATrainingRunIsKilledTheRegistryIsWholeTheRunsFateIsToldAndTheNextRunSucceeds() throws IOException {
        String version = null;
        List<String> fates = new ArrayList<>();
        boolean afterwards = false;
        for (int writes = 0; ; ) {
            Path root = Files.createDirectories(folder.resolve("lake-" + writes + afterwards));
            FolderBlobStore lake = new FolderBlobStore(root);
            DatasetManifest dataset = new MadeDataset(lake, root)
                    .publish(new MadeDataset.Shape(600, 2, false, false), new QualityGate.Verdict(true, List.of()));
            BreakingStore breaking = new BreakingStore(lake, writes, afterwards);
            Processes first = new Processes(breaking, dataset);
            first.ask();
            first.passUntil(() -> {
                RunState state = newest(lake);
                return breaking.isBroken() || (state != null && state.isFinal());
            });
            first.kill();
            boolean done = !breaking.isBroken();

            ModelFiles models = new ModelFiles(lake, "transactions");
            for (String listed : models.versions()) {
                assertThat(models.load(listed).manifest().version()).isEqualTo(listed);
            }
            if (!done) {
                fates.add(recovered(lake, dataset, !afterwards));
            }
            assertThat(models.versions()).hasSize(1);
            version = version == null ? models.versions().get(0) : version;
            assertThat(models.versions())
                    .as("the same model, however it came about")
                    .containsExactly(version);
            if (done) {
                break;
            }
            writes += afterwards ? 1 : 0;
            afterwards = !afterwards;
        }
        System.out.println("a training run killed before and after each write: " + fates);
        assertThat(fates).hasSizeGreaterThanOrEqualTo(8);
    }

    /**
     * What became of the run that was killed, as the next process tells it.
     *
     * @param repeat whether another run is to succeed then; once for each write is enough
     */
    private String recovered(FolderBlobStore lake, DatasetManifest dataset, boolean repeat) throws IOException {
        boolean known = newest(lake) != null;
        Processes next = new Processes(lake, dataset);
        String fate = "it was never accepted";
        if (known) {
            next.passUntil(() -> {
                RunState state = newest(lake);
                return state != null && state.isFinal();
            });
            Run run = history(lake).get(0);
            fate = run.state().wireName() + " after " + run.attempts().begun() + " attempts";
            assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(run.attempts().begun() == 1 || !run.attempts().setbacks().isEmpty())
                    .as("why there was a second attempt")
                    .isTrue();
        }
        if (repeat) {
            int before = history(lake).size();
            next.ask();
            next.passUntil(() -> {
                List<Run> runs = history(lake);
                return runs.size() > before && runs.get(runs.size() - 1).state().isFinal();
            });
            Run repeated = history(lake).get(before);
            assertThat(repeated.state()).as(String.valueOf(repeated.end())).isEqualTo(RunState.SUCCEEDED);
        }
        next.kill();
        return fate;
    }

    private static @Nullable RunState newest(BlobStore lake) {
        List<Run> runs = history(lake);
        return runs.isEmpty() ? null : runs.get(runs.size() - 1).state();
    }

    private static List<Run> history(BlobStore lake) {
        try {
            return new RunFiles(lake).load("training").runs();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
