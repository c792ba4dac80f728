package io.outrider.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.Lineage;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.fit.HashedRows;
import io.outrider.training.fit.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far back the slices of a dataset reach. */
class SliceDaysTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Config SMALL = ConfigFactory.parseString("""
            outrider.model.recipes.transactions.forest { trees = 20, sample-size = 128 }
            outrider.alert.budget = 0.002
            outrider.training.boosting { trees = 12, min-rows = 5 }
            outrider.training.run {
              test-share = 0.5, replicates = 20, label-delay = 10 hours, gate { min-rows = 500, min-frauds = 12 }
            }
            """).withFallback(ConfigFactory.load());

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private static HashedRows hourly(int days) {
        HashedRows rows = new HashedRows(10_000, 1);
        for (int hour = 0; hour < days * 24; hour++) {
            rows.add(row(hour, START.plus(Duration.ofHours(hour))));
        }
        return rows;
    }

    private static HashedRows.Row row(int number, Instant time) {
        return new HashedRows.Row(0, number, time.toEpochMilli(), null, Long.MAX_VALUE, new double[0]);
    }

    private static Slices slices(HashedRows rows, int testDays, int calibrationDays) {
        return Slices.of(
                rows.sample(),
                RunSettings.from(ConfigFactory.parseMap(Map.of(
                                "outrider.training.run.test-days", testDays,
                                "outrider.training.run.calibration-days", calibrationDays,
                                "outrider.training.run.test-share", 0.2))
                        .withFallback(SMALL)));
    }

    @Test
    void theTestIsTheNewestShareOfTheRowsOrTheNewestDatesWhicheverIsLess() {
        assertTestBegins(slices(hourly(100), 0, 0), START.plus(Duration.ofDays(80)));
        assertTestBegins(slices(hourly(100), 30, 0), START.plus(Duration.ofDays(80)));
        assertTestBegins(slices(hourly(100), 10, 0), START.plus(Duration.ofDays(90)));
        assertThat(slices(hourly(100), 10, 5).calibrateFromMs())
                .isEqualTo(START.plus(Duration.ofDays(85)).toEpochMilli());
    }

    @Test
    void anEventWithAWildTimeCostsOneDateAndNoMore() {
        HashedRows rows = hourly(100);
        rows.add(row(100_000, START.plus(Duration.ofDays(5_000))));
        assertTestBegins(slices(rows, 10, 0), START.plus(Duration.ofDays(91)));
    }

    private static void assertTestBegins(Slices slices, Instant at) {
        assertThat(Instant.ofEpochMilli(slices.testFromMs())).isEqualTo(at);
    }

    @Test
    void modelsFromBeforeTheDaysWereSettingsAreMadeAgainWithoutThem() throws Exception {
        BlobStore lake = new FolderBlobStore(folder);
        DatasetManifest dataset = new MadeDataset(lake, disk)
                .publish(new MadeDataset.Shape(2_500, 2, false, true), new QualityGate.Verdict(true, List.of()));
        Config bounded = ConfigFactory.parseString("outrider.training.run { test-days = 1, calibration-days = 1 }")
                .withFallback(SMALL);
        Config before = ConfigFactory.parseString("outrider.training.run { test-days = null, calibration-days = null }")
                .withFallback(SMALL);
        TrainedModel now = train(lake, dataset, bounded);
        TrainedModel former = train(lake, dataset, before);
        assertThat(now.testFrom()).isEqualTo("2026-03-05T00:00:00Z");
        assertThat(former.testFrom()).isBefore("2026-03-04T00:00:00Z");
        assertThat(parameters(now)).containsEntry("outrider.training.run.test-days", "1");
        assertThat(parameters(former)).doesNotContainKey("outrider.training.run.test-days");
        assertThat(now.notes()).anySatisfy(note -> assertThat(note).endsWith(" times outrider.alert.budget, 0.002"));

        ModelFiles models = new ModelFiles(lake, "transactions");
        for (TrainedModel trained : List.of(former, now)) {
            models.save(trained.model());
            String version = trained.model().manifest().version();
            assertThat(new Reproduction(lake, new Datasets(lake, "processed-transactions"), models, bounded)
                            .of(version, disk, Progress.NONE))
                    .isEqualTo(new Reproduction.Outcome(version, true));
        }
    }

    private TrainedModel train(BlobStore lake, DatasetManifest dataset, Config config) throws Exception {
        return new TrainingRun(lake, new TrainingRequest(dataset, config, null, disk), Pace.FULL).run(Progress.NONE);
    }

    private static Map<String, String> parameters(TrainedModel trained) {
        Lineage lineage = Objects.requireNonNull(trained.model().manifest().lineage());
        return lineage.parameters();
    }

    @Test
    void daysAreNotNegative() {
        assertThatThrownBy(() -> slices(hourly(100), -1, 0))
                .hasMessage("outrider.training.run.test-days: must not be negative: -1");
    }
}
