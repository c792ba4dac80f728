package io.outrider.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Lineage;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.Reference;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.rollout.BacktestFiles;
import io.outrider.training.backtest.Backtest;
import io.outrider.training.backtest.BacktestReport;
import io.outrider.training.backtest.BacktestRequest;
import io.outrider.training.backtest.SupervisedBacktest;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetReports;
import io.outrider.training.dataset.DatasetRows;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.Progress;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {

    private static final QualityGate.Verdict PASSED = new QualityGate.Verdict(true, List.of());
    private static final MadeDataset.Shape LABELLED = new MadeDataset.Shape(2_500, 2, false, true);
    private static final Config SMALL = ConfigFactory.parseString("""
            outrider.model.recipes.transactions.forest { trees = 20, sample-size = 128 }
            outrider.alert.cool-down = 2 days
            outrider.training.boosting { trees = 12, min-rows = 5 }
            outrider.training.run { replicates = 40, label-delay = 10 hours, gate { min-rows = 500, min-frauds = 12 } }
            """).withFallback(ConfigFactory.load());

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private BlobStore lake;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
    }

    private DatasetManifest dataset(MadeDataset.Shape shape) throws IOException {
        return new MadeDataset(lake, disk).publish(shape, PASSED);
    }

    private TrainedModel train(DatasetManifest dataset, String settings, @Nullable Model champion)
            throws IOException, TrainingRefusedException {
        Config config = ConfigFactory.parseString(settings).withFallback(SMALL);
        return new TrainingRun(lake, new TrainingRequest(dataset, config, champion, disk), Pace.FULL)
                .run(Progress.NONE);
    }

    private void assertRefused(DatasetManifest dataset, String settings, String reason) {
        assertThatThrownBy(() -> train(dataset, settings, null))
                .isInstanceOf(TrainingRefusedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aRunIsRepeatedFromTheManifestAloneByteForByteAndAModelClearlyWorseIsRefused() throws Exception {
        DatasetManifest dataset = dataset(LABELLED);
        ModelFiles models = new ModelFiles(lake, "transactions");
        Model champion =
                train(dataset, "outrider.training.run.kind = forest", null).model();
        models.save(champion);
        TrainedModel trained = train(dataset, "outrider.training.run.seed = 7", champion);
        assertDocumented(trained, dataset);
        Model model = trained.model();
        models.save(model);
        assertThat(model.manifest().metrics()).containsKey("baseline.champion.gain.low");

        assertThatThrownBy(() -> train(dataset, """
                        outrider.training.run.kind = forest
                        outrider.model.recipes.transactions { forest.features = [hour], tails = [] }
                        """, model))
                .isInstanceOf(TrainingRefusedException.class)
                .hasMessageContaining("worse than the baseline champion");

        assertBacktested(dataset, model, champion);
        assertBacktestedUnderTheSupervisor(dataset, model, champion);
        Datasets datasets = new Datasets(lake, "processed-transactions");
        Config otherToday = ConfigFactory.parseString("outrider.training.boosting.trees = 90")
                .withFallback(SMALL);
        Reproduction.Outcome outcome = new Reproduction(lake, datasets, models, otherToday)
                .of(model.manifest().version(), disk, Progress.NONE);
        assertThat(outcome).isEqualTo(new Reproduction.Outcome(model.manifest().version(), true));

        String former = formerCode(models, model);
        assertThatThrownBy(() -> new Reproduction(lake, datasets, models, SMALL).of(former, disk, Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessage("model " + former
                        + " is of code version 2, this program's is 3: the same data give another model");

        String file = dataset.files().get(3).name();
        byte[] content = lake.get(file).orElseThrow().content();
        content[content.length / 2] ^= 1;
        lake.put(file, content);
        assertThatThrownBy(() -> new Reproduction(lake, datasets, models, SMALL)
                        .of(model.manifest().version(), disk, Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("damaged");
    }

    /** Registers the same as an earlier program would have. */
    private static String formerCode(ModelFiles models, Model model) throws IOException {
        ModelManifest manifest = model.manifest();
        ModelManifest.Origin origin = manifest.origin();
        Model former = Model.of(
                model.fused(),
                new Model.Decided(
                        manifest.plan(),
                        manifest.calibration(),
                        manifest.policy(),
                        new ModelManifest.Origin(
                                "2",
                                origin.seed(),
                                origin.dataFrom(),
                                origin.dataTo(),
                                origin.rows(),
                                origin.details()),
                        manifest.metrics(),
                        manifest.reference(),
                        manifest.lineage()));
        models.save(former);
        return former.manifest().version();
    }

    /** Alerts of an account further apart than the cool-down, counted without the classes that do it live. */
    private long episodes(DatasetManifest dataset, Model model) throws IOException {
        long coolDownMs = model.manifest().policy().coolDown().toMillis();
        Map<String, Long> newest = new HashMap<>();
        long[] opened = new long[1];
        new DatasetRows(lake, dataset, MadeDataset.PLAN, disk)
                .between(
                        "2026-03-02",
                        "2026-03-05",
                        row -> {
                            if (model.isAnomalous(model.raw(row.vector(), FusedScore.scratch(row.vector().length)))) {
                                Long last = newest.put(row.account(), row.eventTimeMs());
                                opened[0] += last == null || row.eventTimeMs() - last > coolDownMs ? 1 : 0;
                            }
                        },
                        done -> {});
        return opened[0];
    }

    private BacktestRequest request(DatasetManifest dataset, int threads, Model model, Model champion) {
        Config config = ConfigFactory.parseMap(Map.of("outrider.training.backtest.threads", threads))
                .withFallback(SMALL);
        return new BacktestRequest(
                dataset, config, model, champion, LocalDate.parse("2026-03-02"), LocalDate.parse("2026-03-05"), disk);
    }

    private BacktestResult backtest(DatasetManifest dataset, int threads, Pace pace, Model model, Model champion)
            throws IOException {
        return new Backtest(lake, request(dataset, threads, model, champion), pace).run(Progress.NONE);
    }

    private void assertBacktested(DatasetManifest dataset, Model model, Model champion) throws IOException {
        BacktestResult result = backtest(dataset, 3, Pace.FULL, model, champion);
        assertThat(result)
                .usingRecursiveComparison()
                .ignoringFields("seconds", "eventsPerSecond")
                .isEqualTo(backtest(dataset, 1, Pace.FULL, model, champion));
        assertThatThrownBy(() -> backtest(dataset, 0, Pace.FULL, model, champion))
                .hasMessage("outrider.training.backtest.threads must be at least 1: 0");
        assertThat(result.events()).isEqualTo(4 * 500);
        assertThat(result.days())
                .extracting(BacktestResult.Day::date)
                .containsExactly("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05");
        long alerts =
                result.days().stream().mapToLong(BacktestResult.Day::alerts).sum();
        long others = result.days().stream()
                .mapToLong(BacktestResult.Day::againstAlerts)
                .sum();
        assertThat(alerts).isPositive();
        assertThat(result.days().stream()
                        .mapToLong(BacktestResult.Day::episodes)
                        .sum())
                .isEqualTo(episodes(dataset, model))
                .isLessThan(alerts);
        assertThat(result.appear().count() - result.vanish().count()).isEqualTo(alerts - others);
        assertThat(result.appear().alerts())
                .allSatisfy(alert -> assertThat(alert.score())
                        .isGreaterThanOrEqualTo(model.manifest().threshold()));
        assertThat(result.metrics())
                .containsKeys("auc", "baseline.against.gain.low")
                .containsEntry("test_rows", 2_000.0)
                .as("later than what the champion was fitted on, the day before")
                .containsEntry("test_labelled", 500.0);
        assertThat(result.notes())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("1500 rows up to "
                                + champion.manifest().origin().dataTo())
                        .contains("a model may have been trained on them"));
        assertThat(BacktestReport.html(request(dataset, 3, model, champion), result))
                .contains("Alerts that appear", model.manifest().version())
                .contains("<td>transactions:1</td>", "<td>2026-03-02 to 2026-03-05, UTC</td>", "<td>2,000</td>");
        assertThat(BacktestReport.html(
                        request(dataset, 3, model, model), backtest(dataset, 3, Pace.FULL, model, model)))
                .contains("<h2>Alerts that appear: 0</h2>", "<h2>Alerts that vanish: 0</h2>");
        assertThat(BacktestReport.text(result)).contains("a day to come");
    }

    @Test
    void aVersionThatWentBeforeRetentionWasKeptAwayIsNotTrainedOn() throws IOException {
        DatasetManifest dataset = dataset(new MadeDataset.Shape(600, 2, false, false));
        lake.delete(new Datasets(lake, "processed-transactions").manifestName(dataset.dataset(), dataset.version()));
        Trainer trainer = new Trainer(lake, SMALL, new LiveMetrics(), Tracing.OFF, Clock.systemUTC());
        assertThatThrownBy(() -> trainer.train(dataset, Trainer.NONE, disk, Pace.FULL, Progress.NONE))
                .hasMessageContaining("has no version " + dataset.version());
    }

    @Test
    void aRunIsDoneOnceItsModelIsRegisteredWhateverBefallsTracking() throws Exception {
        DatasetManifest dataset = dataset(new MadeDataset.Shape(1_000, 3, false, false));
        Config config = ConfigFactory.parseString("outrider.mlflow.tracking-uri = \"http:/no-host\"")
                .withFallback(SMALL);
        TrainedModel trained = new Trainer(lake, config, new LiveMetrics(), Tracing.OFF, Clock.systemUTC())
                .train(dataset, Trainer.NONE, disk, Pace.FULL, Progress.NONE);
        assertThat(new ModelFiles(lake, "transactions").versions())
                .containsExactly(trained.model().manifest().version());
        assertThat(lake.list("tracking/outbox/")).hasSize(1);
    }

    private void assertBacktestedUnderTheSupervisor(DatasetManifest dataset, Model model, Model champion)
            throws Exception {
        DatasetLeases leases = new DatasetLeases(lake, "processed-transactions", Clock.systemUTC());
        Rests rests = new Rests();
        SupervisedBacktest job = new SupervisedBacktest(lake, SMALL, dataset.dataset(), rests, leases);
        String version = model.manifest().version();
        Map<String, String> asked = Map.of(
                "model", version, "against", champion.manifest().version(), "from", "2026-03-02", "to", "2026-03-05");
        job.check(asked);
        AtomicInteger refused = new AtomicInteger();
        rests.next("backtest");
        JobResult result = job.run(new MadeContext("backtest-7", asked, disk, step -> {
            assertThatThrownBy(() -> leases.take(LeaseUse.CLEAR, "retention"))
                    .isInstanceOf(DatasetLeases.HeldException.class)
                    .hasMessageStartingWith("backtest-7 has been at the datasets");
            refused.incrementAndGet();
        }));
        assertThat(refused).hasPositiveValue();
        assertThat(rests.during("backtest")).as("one per row").isGreaterThanOrEqualTo(4 * 500);
        assertThat(result.summary()).contains("2,000 events on 4 days").contains("appear");
        BacktestResult report = DatasetJson.read(
                "backtest-7", new DatasetReports(lake).get("backtest-7").orElseThrow(), BacktestResult.class);
        assertThat(report.modelVersion()).isEqualTo(version);
        assertThat(report.days()).hasSize(4);
        assertThat(new BacktestFiles(lake, "transactions")
                        .find(version, champion.manifest().version()))
                .hasValueSatisfying(evidence -> {
                    assertThat(model.manifest().origin().dataTo()).asString().startsWith("2026-03-04");
                    assertThat(List.of(evidence.from(), evidence.to())).containsOnly("2026-03-05");
                    assertThat(evidence.events()).isEqualTo(500);
                    assertThat(evidence.alerts()).isEqualTo(report.days().get(3).alerts());
                    assertThat(evidence.gainHigh()).isEqualTo(report.metrics().get("baseline.against.gain.high"));
                });

        assertThatThrownBy(() -> job.check(Map.of("against", version))).hasMessageContaining("model must be");
        assertThatThrownBy(() -> job.check(Map.of("model", "../x"))).hasMessageContaining("model must be");
        assertThatThrownBy(() -> job.check(Map.of("model", version, "from", "March")))
                .hasMessageContaining("from must");
        assertThatThrownBy(() -> job.check(Map.of("model", version, "from", "2026-03-02", "to", "2026-03-01")))
                .hasMessageContaining("to must not lie before");
        assertThatThrownBy(() -> job.check(Map.of("model", version, "days", "3")))
                .hasMessageContaining("takes the");
        job.lookUp(asked);
        assertThatThrownBy(() -> job.lookUp(Map.of("model", version, "against", "20200101-0")))
                .isInstanceOfSatisfying(
                        Job.RefusedException.class,
                        refusal -> assertThat(List.of(
                                        refusal.parameter(), refusal.value(), String.valueOf(refusal.getMessage())))
                                .containsExactly(
                                        "against", "20200101-0", "there is no model 20200101-0 of plan transactions"));
        assertThatThrownBy(() -> job.lookUp(Map.of("model", version, "dataset-version", "9")))
                .isInstanceOf(Job.RefusedException.class)
                .hasMessage("dataset transactions has no version 9");
        assertThatThrownBy(() -> job.run(new MadeContext("backtest-8", Map.of("model", "20200101-0"), disk)))
                .isInstanceOf(Job.HopelessException.class)
                .hasMessageContaining("20200101-0");
        assertThatThrownBy(() ->
                        job.run(new MadeContext("backtest-8", Map.of("model", version, "from", "2031-01-01"), disk)))
                .isInstanceOf(Job.HopelessException.class)
                .hasMessageContaining("no event");
        assertThat(new DatasetReports(lake).get("backtest-8")).isEmpty();
    }

    /** An attempt that nobody stops. */
    private record MadeContext(String runId, Map<String, String> parameters, Path disk, Consumer<String> working)
            implements JobContext {

        MadeContext(String runId, Map<String, String> parameters, Path disk) {
            this(runId, parameters, disk, step -> {});
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
        public void progress(double fraction, String message, Map<String, Long> counters) {
            assertThat(fraction).isBetween(0.0, 1.0);
            working.accept(message);
        }

        @Override
        public void checkStopped() {}

        @Override
        public boolean goesOnElsewhere() {
            return false;
        }
    }

    @Test
    void aTrainingThatLeavesRoomRestsThroughoutInOneThreadAndMakesTheSameModel() throws Exception {
        DatasetManifest dataset = dataset(LABELLED);
        Model atFullSpeed = train(dataset, "", null).model();
        Rests rests = new Rests();
        SupervisedTraining job = new SupervisedTraining(
                new SupervisedTraining.Surroundings(
                        lake, SMALL, dataset.dataset(), rests, new LiveMetrics(), Tracing.OFF, Clock.systemUTC()),
                (folder, acceptMissingRisk) -> {
                    throw new AssertionError("the version is there");
                });
        rests.next("read");
        JobResult result = job.run(new MadeContext("training-1", Map.of("dataset-version", "1"), disk, rests::next));
        assertThat(result.results())
                .containsEntry("modelVersion", atFullSpeed.manifest().version());
        assertThat(ModelFiles.content(atFullSpeed)
                        .sameAs(new ModelFiles(lake, "transactions")
                                .content(atFullSpeed.manifest().version())))
                .isTrue();
        assertThat(rests.during("read")).as("one per row").isGreaterThanOrEqualTo(2_500);
        int histograms = 2 * 12 * (int) (0.3 * MadeDataset.PLAN.size());
        assertThat(rests.during("fit"))
                .as("one per column of each tree of both fits, at least")
                .isGreaterThan(histograms);
        assertThat(rests.during("test")).as("one per row").isGreaterThanOrEqualTo(500);
        assertThat(rests.during("metrics"))
                .as("one per replicate of each ranking")
                .isGreaterThan(3 * 40);
        assertThat(rests.threads).containsExactly(Thread.currentThread());

        assertThatThrownBy(() -> job.lookUp(Map.of("dataset-version", "9")))
                .isInstanceOf(Job.RefusedException.class)
                .hasMessage("dataset transactions has no version 9");
        assertThatThrownBy(() -> job.run(new MadeContext("training-2", Map.of("dataset-version", "9"), disk)))
                .isInstanceOf(Job.HopelessException.class)
                .hasMessage("refused: dataset transactions has no version 9");
    }

    /** Rests in no time, once per piece of work, and counts. */
    private static final class Rests implements Supplier<Pace> {
        private final Map<String, Integer> counts = new HashMap<>();
        private final Set<Thread> threads = new HashSet<>();
        private String step = "";
        private long nanos;

        @Override
        public Pace get() {
            return new Pace(
                    0.5,
                    () -> {
                        nanos += 3_000_000;
                        return nanos;
                    },
                    rest -> {
                        counts.merge(step, 1, Integer::sum);
                        threads.add(Thread.currentThread());
                    });
        }

        void next(String name) {
            step = name;
        }

        int during(String name) {
            return counts.getOrDefault(name, 0);
        }
    }

    private static void assertDocumented(TrainedModel trained, DatasetManifest dataset) {
        ModelManifest manifest = trained.model().manifest();
        assertThat(trained.kind()).isEqualTo(ModelKind.SUPERVISED);
        assertThat(trained.testFrom()).isAfter(manifest.origin().dataTo());
        assertThat(manifest.metrics()).containsKeys("auc", "auc.low", "auc.high", "card_precision_100", "test_frauds");
        assertThat(manifest.metrics().get("average_precision")).isGreaterThan(0.5);
        assertThat(manifest.metrics())
                .as("of all rows, where the intervals are of labelled ones")
                .containsKey("alert_rate")
                .doesNotContainKeys("alert_rate.low", "alert_rate.high");
        assertThat(manifest.metrics()).containsKeys("segment.device.phone.auc", "segment.device.phone.auc.low");
        assertThat(manifest.metrics()).containsKeys("baseline.robust_z.auc", "baseline.tail_sum.average_precision");
        Lineage lineage = Objects.requireNonNull(manifest.lineage());
        assertThat(lineage.dataset().files())
                .extracting(Lineage.File::sha256)
                .containsExactlyElementsOf(
                        dataset.files().stream().map(file -> file.sha256()).toList());
        assertThat(lineage.parameters()).containsEntry("outrider.training.boosting.trees", "12");
        Reference reference = Objects.requireNonNull(manifest.reference());
        assertThat(reference.features()).hasSize(MadeDataset.PLAN.size());
        assertThat(reference.score().present()).isEqualTo(reference.rows());
    }

    @Test
    void withoutLabelsTheForestIsFittedAndItIsSaidWhatWasNotMeasured() throws Exception {
        TrainedModel trained = train(dataset(new MadeDataset.Shape(1_000, 3, false, false)), "", null);
        assertThat(trained.kind()).isEqualTo(ModelKind.FOREST);
        assertThat(trained.model().manifest().metrics())
                .containsKey("alert_rate")
                .doesNotContainKey("auc");
        assertThat(trained.notes())
                .anySatisfy(note -> assertThat(note)
                        .contains("fitted without labels: a supervised model needs 12 frauds")
                        .endsWith("there are 0"));
    }

    @Test
    void rowsThatAreTooYoungForTheirFraudsToBeReportedAreNotMeasuredAsGenuine() throws Exception {
        MadeDataset made = new MadeDataset(lake, disk);
        DatasetManifest silent = made.publish(new MadeDataset.Shape(2_500, 2, false, false), PASSED);
        TrainedModel trained = train(made.reported(silent, Duration.ofHours(9)), "", null);
        Map<String, Double> metrics = trained.model().manifest().metrics();
        assertThat(trained.kind()).isEqualTo(ModelKind.SUPERVISED);
        assertThat(metrics).containsEntry("test_rows", 500.0);
        assertThat(metrics.get("test_labelled")).as("14 of 24 hours").isBetween(285.0, 297.0);
        assertThat(metrics.get("test_frauds")).isGreaterThan(12);
        assertThat(trained.notes())
                .anySatisfy(note -> assertThat(note)
                        .contains(" rows count for alerts alone", "younger than the label delay (PT10H)"));
    }

    @Test
    void fraudsThatWereReportedAfterTheTestBeganPlaceNoThreshold() throws Exception {
        MadeDataset made = new MadeDataset(lake, disk);
        DatasetManifest silent = made.publish(new MadeDataset.Shape(2_500, 2, false, false), PASSED);
        DatasetManifest late = made.reported(silent, Duration.ofHours(30));
        TrainedModel trained = train(late, "", null);
        assertThat(trained.kind()).isEqualTo(ModelKind.FOREST);
        assertThat(trained.notes())
                .anySatisfy(note -> assertThat(note)
                        .contains("fitted without labels: a supervised model needs frauds and genuine events")
                        .contains(" and 0 and ")
                        .contains(" from then until 2026-03-04T14:00:00Z"));
        assertRefused(late, "outrider.training.run.kind = supervised", "to place the threshold on; there are ");
    }

    @Test
    void aChampionThatHasSeenTheTestSliceIsNotComparedAndABacktestOfNothingElseMeasuresNothing() throws Exception {
        DatasetManifest dataset = dataset(LABELLED);
        Model champion = train(dataset, "outrider.training.run { kind = forest, test-share = 0.01 }", null)
                .model();
        TrainedModel trained = train(dataset, "", champion);
        assertThat(trained.model().manifest().metrics())
                .containsKey("auc")
                .doesNotContainKey("baseline.champion.average_precision");
        assertThat(trained.notes())
                .anySatisfy(note -> assertThat(note)
                        .startsWith(
                                "not compared with " + champion.manifest().version() + ": it was trained on data up to "
                                        + champion.manifest().origin().dataTo())
                        .endsWith("the test begins at 2026-03-05T00:00:00Z"));

        Config config = ConfigFactory.parseString("outrider.training.backtest.threads = 1")
                .withFallback(SMALL);
        LocalDate day = LocalDate.parse("2026-03-03");
        BacktestResult result = new Backtest(
                        lake, new BacktestRequest(dataset, config, champion, null, day, day, disk), Pace.FULL)
                .run(Progress.NONE);
        assertThat(result.events()).isEqualTo(500);
        assertThat(result.metrics()).containsEntry("test_labelled", 0.0).doesNotContainKey("auc");
        assertThat(result.notes())
                .anySatisfy(note -> assertThat(note).startsWith("all 500 rows up to "))
                .anySatisfy(note -> assertThat(note).contains("nothing was measured"));
    }

    @Test
    void refusesAFailedQualityGateTooFewRowsAndConstantFeatures() throws Exception {
        DatasetManifest constant = dataset(new MadeDataset.Shape(1_200, 3, true, true));
        assertRefused(constant, "", "constant features: log_amount");
        assertRefused(constant, "outrider.training.run.gate.min-rows = 5000", "too few rows: 1200, at least 5000");
        assertRefused(constant, "outrider.training.run.gate.min-rows = 1000", "too few rows to fit and calibrate on");
        DatasetManifest failed = new DatasetManifest(
                DatasetManifest.FORMAT,
                "transactions",
                2,
                constant.createdAt(),
                constant.origin(),
                List.of(),
                List.of(),
                constant.files(),
                constant.labels(),
                null,
                constant.added(),
                constant.total(),
                new QualityGate.Verdict(false, List.of("7 records are missing, at most 0 may be")));
        assertRefused(failed, "", "the quality gate of transactions:2 failed: 7 records are missing");
    }

    @Test
    void refusesAFeatureThatGivesTheLabelAwayAndASupervisedModelWithoutFrauds() throws Exception {
        DatasetManifest leaking = dataset(new MadeDataset.Shape(1_200, 400, false, true));
        assertRefused(leaking, "", "feature amount alone tells frauds from genuine ones (AUC 1.0000");
        assertRefused(
                leaking,
                "outrider.training.run { kind = supervised, label-delay = 4 days }",
                "a supervised model needs 12 frauds");
    }

    @Test
    void aKindThatThereIsNotIsNamed() {
        assertThatThrownBy(() -> RunSettings.from(ConfigFactory.parseString("outrider.training.run.kind = trees")
                        .withFallback(SMALL)))
                .hasMessageContaining("outrider.training.run.kind: must be by-labels, forest or supervised: 'trees'");
    }
}
