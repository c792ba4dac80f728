package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.model.Histogram;
import io.outrider.core.model.Model;
import io.outrider.core.model.Reference;
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

    private DriftReport report(long hour, int minute) throws IOException {
        return new DriftDesk(lake, Models.PLAN, null, at(hour, minute)).report();
    }

    private static int volume(long hour) {
        return Math.floorMod(hour, 24) == 12 ? BUSY : CALM;
    }

    /** What a node counted in an hour: its time of day, and otherwise always the same. */
    private void tell(Model model, long hour, int events, String device) throws IOException {
        Reference reference = Objects.requireNonNull(model.manifest().reference());
        List<long[]> columns = new ArrayList<>(DriftCounts.none(reference).columns());
        for (int i = 0; i < columns.size(); i++) {
            int bin = 0;
            if (i < NAMES.size()) {
                Histogram shape = reference.features().get(i);
                int ofDay = Math.floorMod(hour, 24);
                bin = switch (NAMES.get(i)) {
                    case "hour" -> shape.bin(ofDay);
                    case "night" -> shape.bin(ofDay < 6 ? 1 : 0);
                    default -> 0;
                };
            }
            columns.get(i)[bin] = events;
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
