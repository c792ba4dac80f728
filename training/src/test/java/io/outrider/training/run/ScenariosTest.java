package io.outrider.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.pace.Pace;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.training.backtest.Backtest;
import io.outrider.training.backtest.BacktestReport;
import io.outrider.training.backtest.BacktestRequest;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How well each kind of fraud is found. */
class ScenariosTest {

    private static final Config SMALL = ConfigFactory.parseString("""
            outrider.model.recipes.transactions.forest { trees = 20, sample-size = 128 }
            outrider.training.boosting { trees = 12, min-rows = 5 }
            outrider.training.run { replicates = 40, label-delay = 1 hour, gate { min-rows = 500, min-frauds = 12 } }
            """).withFallback(ConfigFactory.load());
    private static final double THRESHOLD = 0.5;
    private static final int ACCOUNTS = 30;

    private final List<TestSlice.Row> rows = new ArrayList<>();

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    @Test
    void aRunTellsWhichKindOfFraudItsModelFinds() throws Exception {
        FolderBlobStore lake = new FolderBlobStore(folder);
        MadeDataset made = new MadeDataset(lake, disk);
        DatasetManifest silent =
                made.publish(new MadeDataset.Shape(5_000, 8, false, false), new QualityGate.Verdict(true, List.of()));
        DatasetManifest dataset = made.reportedByScenario(silent, Duration.ofMinutes(50));
        TrainedModel trained =
                new TrainingRun(lake, new TrainingRequest(dataset, SMALL, null, disk), Pace.FULL).run(Progress.NONE);

        Map<String, Double> metrics = trained.model().manifest().metrics();
        assertThat(metrics.get("scenario.surge.frauds")).isGreaterThan(20);
        assertThat(metrics.get("scenario.hidden.frauds")).isGreaterThan(20);
        assertThat(metrics.get("scenario.surge.recall_at_threshold.low")).isGreaterThan(0.7);
        assertThat(metrics.get("scenario.surge.auc.low")).isGreaterThan(0.9);
        assertThat(metrics.get("scenario.hidden.recall_at_threshold.high")).isLessThan(0.3);
        assertThat(metrics.get("scenario.hidden.auc")).isBetween(0.3, 0.7);

        BacktestRequest again = new BacktestRequest(dataset, SMALL, trained.model(), null, null, null, disk);
        BacktestResult result = new Backtest(lake, again, Pace.FULL).run(Progress.NONE);
        assertThat(result.metrics()).containsKey("scenario.surge.recall_at_threshold.low");
        assertThat(BacktestReport.html(again, result)).contains("scenario.surge.recall_at_threshold.low");
        assertThat(BacktestReport.text(result)).contains("recall_at_threshold").doesNotContain("scenario.");
    }

    @Test
    void eachIsMeasuredAgainstAllThatIsGenuine() {
        genuine(0.2);
        frauds("easy", ACCOUNTS, 1, 0.9);
        frauds("hidden", 10, 2, 0.1);
        frauds("half", 5, 2, 0.9);
        frauds("half", 5, 2, 0.3);
        frauds(null, ACCOUNTS, 3, 0.1);

        Map<String, Double> metrics = measured();

        assertThat(metrics)
                .containsEntry("scenario.easy.frauds", 30.0)
                .containsEntry("scenario.easy.auc", 1.0)
                .containsEntry("scenario.easy.recall_at_threshold", 1.0)
                .containsEntry("scenario.easy.recall_at_threshold.low", 1.0)
                .containsEntry("scenario.hidden.auc", 0.0)
                .containsEntry("scenario.hidden.recall_at_threshold", 0.0)
                .containsEntry("scenario.hidden.recall_at_threshold.high", 0.0)
                .containsEntry("scenario.half.auc", 1.0)
                .containsEntry("scenario.half.recall_at_threshold", 0.5);
        assertThat(metrics.keySet()).noneMatch(name -> name.contains("precision") || name.contains("f1"));
        assertThat(metrics).hasSize(3 * 7);
    }

    @Test
    void theIntervalIsThatOfAccounts() {
        genuine(0.2);
        for (int account = 0; account < 16; account++) {
            for (int i = 0; i < 4; i++) {
                rows.add(row(account, "mixed", account < 8 ? 0.9 : 0.1));
            }
        }

        Map<String, Double> metrics = measured();

        assertThat(metrics.get("scenario.mixed.recall_at_threshold.low")).isBetween(0.1, 0.4);
        assertThat(metrics.get("scenario.mixed.recall_at_threshold.high")).isBetween(0.6, 0.9);
    }

    @Test
    void whatIsTooRareOrOfTooFewAccountsIsNotedInstead() {
        genuine(0.2);
        frauds("slow drain", 1, 40, 0.9);
        frauds("rare", 9, 1, 0.9);
        frauds("often", 10, 1, 0.9);

        assertThat(measured().keySet()).allMatch(name -> name.startsWith("scenario.often."));
        assertThat(Scenarios.of(rows).notes())
                .containsExactly(
                        "frauds of the scenario slow_drain are too few, or of too few accounts, to be measured by"
                                + " themselves: 40 of 1",
                        "frauds of the scenario rare are too few, or of too few accounts, to be measured by"
                                + " themselves: 9 of 9");
    }

    @Test
    void theMostFrequentAreMeasured() {
        genuine(0.2);
        for (int kind = 0; kind < 8; kind++) {
            frauds("kind-" + kind, 10 + kind, 1, 0.9);
        }

        assertThat(measured().keySet())
                .anyMatch(name -> name.startsWith("scenario.kind-7."))
                .anyMatch(name -> name.startsWith("scenario.kind-2."))
                .noneMatch(name -> name.startsWith("scenario.kind-1."));
    }

    private Map<String, Double> measured() {
        Map<String, Double> metrics = new TreeMap<>();
        Scenarios.of(rows).measure(metrics, ACCOUNTS, THRESHOLD, RunSettings.from(SMALL), Pace.FULL);
        return metrics;
    }

    private void genuine(double score) {
        for (int account = 0; account < ACCOUNTS; account++) {
            rows.add(new TestSlice.Row(0, account, false, null, new double[] {score}, new String[0]));
        }
    }

    private void frauds(@Nullable String scenario, int accounts, int each, double score) {
        for (int i = 0; i < accounts * each; i++) {
            rows.add(row(i % accounts, scenario, score));
        }
    }

    private static TestSlice.Row row(int account, @Nullable String scenario, double score) {
        return new TestSlice.Row(0, account, true, scenario, new double[] {score}, new String[0]);
    }
}
