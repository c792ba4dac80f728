package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.model.Model;
import io.outrider.core.model.Reference;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.rollout.DriftFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which hours are compared with which, in a world without change whose noons are busy. */
class DriftDeskTest {

    /** A Wednesday. */
    private static final long NOON = Instant.parse("2026-04-22T12:00:00Z").toEpochMilli() / 3_600_000;

    private static final int BUSY = 3_000;
    private static final int CALM = 300;
    private static final List<String> NAMES =
            Models.PLAN.features().stream().map(Feature::name).toList();

    @TempDir
    Path folder;

    private FolderBlobStore lake;
    private DriftFiles files;
    private Model first;
    private Model second;

    @BeforeEach
    void register() throws IOException {
        Models models = new Models(Models.history(), List.of(0.02, 0.05));
        List<Transaction> past =
                IntStream.range(0, 2_400).mapToObj(DriftDeskTest::event).toList();
        first = Models.withReference(models.load(models.versions().get(0)), Models.PLAN, past);
        second = Models.withReference(models.load(models.versions().get(1)), Models.PLAN, past);
        lake = new FolderBlobStore(folder);
        files = new DriftFiles(lake, Models.PLAN.name());
        ModelFiles registry = new ModelFiles(lake, Models.PLAN.name());
        registry.save(first);
        assertThat(new StageFile(lake, Models.PLAN.name()).readOrBegin(registry, at(NOON - 2_400, 0)))
                .isPresent();
        registry.save(second);
    }

    @Test
    void theHourThatRunsIsNotComparedWithWholeOnes() throws IOException {
        for (long hour = NOON - 29 * 24; hour < NOON; hour++) {
            tell(first, hour, volume(hour), "phone");
        }
        tell(first, NOON, BUSY / 60, "phone");
        DriftReport report = report(NOON, 1);
        assertThat(report.findings().baseline()).isEqualTo("the same time of the 4 weeks before");
        assertThat(report.findings().columns())
                .extracting(column -> column.name())
                .contains("hour", "night");
        assertThat(report.sentences()).isEmpty();
        assertThat(report.events()).isEqualTo(BUSY + 23 * CALM);
        assertThat(report.fromMs()).isEqualTo(at(NOON - 24, 0).millis());
        assertThat(report.untilMs()).isEqualTo(at(NOON, 0).millis());
    }

    @Test
    void theFirstHourOfASystemIsShownThoughItIsNoWholeOneAndComparedWithNoWeeks() throws IOException {
        tell(first, NOON, BUSY, "phone");
        DriftReport begun = report(NOON, 10);
        assertThat(begun.events()).isEqualTo(BUSY);
        assertThat(begun.fields()).containsKey("device");
        assertThat(begun.untilMs()).isEqualTo(at(NOON, 10).millis());
        assertThat(begun.findings().baseline()).isEqualTo("the model's reference");
        assertThat(begun.findings().untested()).containsKeys("hour", "night");

        tell(first, NOON + 1, CALM, "phone");
        DriftReport later = report(NOON + 1, 10);
        assertThat(later.events()).as("the hour that is over").isEqualTo(BUSY);
        assertThat(later.untilMs()).isEqualTo(at(NOON + 1, 0).millis());
    }

    @Test
    void aPromotionBlindsNoFieldAndItsFirstDayIsNoDrift() throws IOException {
        for (long hour = NOON - 22 * 24; hour < NOON - 6; hour++) {
            tell(first, hour, volume(hour), "phone");
        }
        promote(NOON - 6);
        tell(second, NOON - 6, CALM, "phone");
        assertThat(report(NOON - 6, 30).sentences()).isEmpty();
        for (long hour = NOON - 5; hour < NOON; hour++) {
            tell(second, hour, volume(hour), "glasses");
        }
        tell(second, NOON, BUSY, "glasses");
        DriftReport report = report(NOON + 1, 1);
        assertThat(report.modelVersion()).isEqualTo(second.manifest().version());
        assertThat(report.findings().baseline()).isEqualTo("the model's reference");
        assertThat(report.findings().untested())
                .containsEntry("hour", "differs by hour, and the window is no whole day yet");
        assertThat(report.causes()).isEmpty();
        assertThat(report.sentences())
                .containsExactly("field device has a new value: glasses, " + (BUSY + 5 * CALM) + " times");
        assertThat(Objects.requireNonNull(report.fields().get("device")).present())
                .isEqualTo(BUSY + 23 * CALM);
    }

    @Test
    void aSystemOfTwoDaysComparesFieldsWithTheDayBefore() throws IOException {
        for (long hour = NOON - 49; hour < NOON; hour++) {
            tell(first, hour, volume(hour), hour < NOON - 3 ? "phone" : "glasses");
        }
        assertThat(report(NOON, 1).sentences())
                .contains("field device has a new value: glasses, " + 3 * CALM + " times, against the day before");
    }

    private void promote(long hour) throws IOException {
        new RolloutDesk(lake, Models.PLAN, RolloutSettings.from(ConfigFactory.load()), null, at(hour, 0))
                .change(new RolloutChange.Promote(second.manifest().version(), true), "ann", "a test");
    }

    private DriftReport report(long hour, int minute) throws IOException {
        return new DriftDesk(lake, Models.PLAN, null, at(hour, minute)).report();
    }

    private static int volume(long hour) {
        return Math.floorMod(hour, 24) == 12 ? BUSY : CALM;
    }

    /** What a node counted in an hour: its time of day, and otherwise always the same. */
    private void tell(Model model, long hour, int events, String device) throws IOException {
        Reference reference = Objects.requireNonNull(model.manifest().reference());
        List<long[]> columns = new ArrayList<>(DriftCounts.of(reference).columns());
        int ofDay = Math.floorMod(hour, 24);
        for (int i = 0; i < columns.size(); i++) {
            long[] usual = columns.get(i);
            String name = i < NAMES.size() ? NAMES.get(i) : Reference.SCORE;
            if (name.equals("hour") || name.equals("night")) {
                double value = name.equals("hour") ? ofDay : ofDay < 6 ? 1 : 0;
                Arrays.fill(usual, 0);
                usual[reference.features().get(i).bin(value)] = events;
            } else {
                Arrays.setAll(usual, bin -> usual[bin] * events / reference.rows());
            }
        }
        Map<String, DriftCounts.Field> fields =
                Map.of("device", new DriftCounts.Field(events, Map.of(device, (long) events)));
        files.put(model.manifest().version(), hour, "n", new DriftCounts(events, columns, fields));
    }

    private static Transaction event(int i) {
        return new Transaction(
                "t" + i, "account", 10 + i % 50, 1_700_000_000_000L + i * 3_600_000L, null, null, null, null, null);
    }

    private static Clock at(long hour, int minute) {
        return Clock.fixed(Instant.ofEpochMilli(hour * 3_600_000).plus(Duration.ofMinutes(minute)), ZoneOffset.UTC);
    }
}
