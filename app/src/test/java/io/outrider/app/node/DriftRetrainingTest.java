package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.drift.DriftCounts;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.model.Reference;
import io.outrider.core.model.SplitMix;
import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunState;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.rollout.Backtesting;
import io.outrider.detection.rollout.Retraining;
import io.outrider.detection.rollout.RolloutSettings;
import io.outrider.detection.rollout.RolloutWatching;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.rollout.DriftFiles;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import io.outrider.training.run.SupervisedTraining;
import io.outrider.training.supervisor.Supervisor;
import io.outrider.training.supervisor.SupervisorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes counted of the traffic, the detector, and the supervisor, put together as in a node. */
class DriftRetrainingTest {

    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");
    private static final List<String> NAMES =
            PLAN.features().stream().map(feature -> feature.name()).toList();

    @TempDir
    Path folder;

    @TempDir
    Path disk;

    @Test
    void aShiftOfAmountsBringsOneTrainingRunWhoseRecordSaysWhy() throws Exception {
        Config config = ConfigFactory.parseString("""
                        outrider.rollout.drift { look-interval = 50 ms, confirm-looks = 3 }
                        outrider.supervisor.kinds.training.cron = ""
                        outrider.model.recipes.transactions.forest { trees = 4, sample-size = 32 }
                        """)
                .withFallback(ConfigFactory.load())
                .resolve();
        FolderBlobStore lake = new FolderBlobStore(folder);
        drifted(lake, config);
        LiveMetrics metrics = new LiveMetrics();
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "outrider", config);
        try {
            ClusterMember.join(system);
            Supervisor supervisor = Supervisor.join(
                    system,
                    Role.BATCH.wireName(),
                    SupervisorSettings.from(config),
                    new Supervisor.Parts(
                            lake, List.of(new Training()), disk, Clock.systemUTC(), metrics.batch, Tracing.OFF));
            RolloutWatching.join(
                    system,
                    Role.BATCH.wireName(),
                    RolloutSettings.from(config),
                    new RolloutWatching.Parts(
                            lake,
                            PLAN,
                            (back, taker) -> {},
                            new Retraining(supervisor.runs(), SupervisedTraining.KIND),
                            new Backtesting(supervisor.runs(), Optional::empty),
                            metrics,
                            Clock.systemUTC()));

            await().atMost(Duration.ofMinutes(1)).until(() -> metrics.driftRuns.sum() == 1);
            long looks = metrics.drifts.sum();
            await().atMost(Duration.ofMinutes(1)).until(() -> metrics.drifts.sum() > looks + 5);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> runs(supervisor.runs()).get(0).state() == RunState.SUCCEEDED);

            assertThat(runs(supervisor.runs())).singleElement().satisfies(run -> {
                assertThat(run.request().cause()).isEqualTo(RunCause.DRIFT);
                assertThat(run.request().reason())
                        .startsWith("drift under model ")
                        .contains("log_amount");
            });
            assertThat(metrics.driftRuns.sum()).isOne();
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }

    private static List<Run> runs(Runs runs) throws Exception {
        return runs.page(SupervisedTraining.KIND, null, 10)
                .toCompletableFuture()
                .get()
                .orElseThrow()
                .items();
    }

    /** A system of forty days, whose champion was made of amounts a third of today's. */
    private static void drifted(FolderBlobStore lake, Config config) throws IOException {
        Model model = model(config);
        ModelFiles models = new ModelFiles(lake, PLAN.name());
        models.save(model);
        Clock then = Clock.fixed(Instant.now().minus(Duration.ofDays(40)), ZoneOffset.UTC);
        var unused = new StageFile(lake, PLAN.name()).readOrBegin(models, then).orElseThrow();
        Reference reference = model.manifest().reference();
        assertThat(reference).isNotNull();
        DriftCounts usual = DriftCounts.of(reference);
        List<long[]> columns = new ArrayList<>(usual.columns());
        long[] shifted = new long[columns.get(NAMES.indexOf("log_amount")).length];
        shifted[shifted.length - 2] = usual.events();
        columns.set(NAMES.indexOf("log_amount"), shifted);
        long hour = Clock.systemUTC().millis() / 3_600_000;
        DriftFiles files = new DriftFiles(lake, PLAN.name());
        for (long at = hour - 1; at <= hour + 1; at++) {
            files.put(model.manifest().version(), at, "n", new DriftCounts(usual.events(), columns, Map.of()));
        }
    }

    private static Model model(Config config) {
        ModelManifest.Plan plan = new ModelManifest.Plan(PLAN.name(), PLAN.fingerprint(), NAMES);
        FeatureMatrix rows = new FeatureMatrix(PLAN.size());
        SplitMix random = new SplitMix(5);
        double[] vector = new double[PLAN.size()];
        for (int i = 0; i < 3_000; i++) {
            for (int column = 0; column < vector.length; column++) {
                vector[column] = random.nextDouble();
            }
            rows.add(vector);
        }
        FusedScore score = ModelTrainer.fit(ModelRecipe.read(config, PLAN.name()), plan, rows, 1);
        double[] raw = score.raw(rows);
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(raw),
                        new PolicyTerms(1, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin(
                                "test",
                                1,
                                Instant.EPOCH,
                                Instant.EPOCH.plus(Duration.ofDays(60)),
                                rows.rows(),
                                Map.of()),
                        Map.of(),
                        Reference.of(NAMES, rows, raw),
                        null));
    }

    /** Stands where training would take minutes; the supervisor does not know the difference. */
    private static final class Training implements Job {

        @Override
        public String kind() {
            return SupervisedTraining.KIND;
        }

        @Override
        public boolean resumable() {
            return false;
        }

        @Override
        public void check(Map<String, String> parameters) {}

        @Override
        public JobResult run(JobContext context) {
            return JobResult.done("made nothing", Map.of());
        }
    }
}
