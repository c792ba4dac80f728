package io.outrider.training.etl;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.Transaction;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.table.TableFileReader;
import io.outrider.lake.table.TableFileWriter;
import io.outrider.lake.table.TableSchema;
import io.outrider.training.dataset.DatasetManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels of a dataset, joined as they were known at a time. */
class LabelsAsKnownTest {

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private RiskWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new RiskWorld(folder, disk);
    }

    @Test
    void labelsAreJoinedAsTheyWereKnownAtATime() throws IOException {
        world.log.write(0, 1, 1);
        Transaction one = world.event(0, 3);
        Transaction other = world.event(1, 3);
        long hour = 3_600_000;
        long start = one.eventTimeMs() + 10 * hour;
        writeLabels(0, List.of(labelled(one, true, 1, start), labelled(one, false, 2, start + hour)), 1);
        DatasetManifest first = world.run(world.inForce(false)).orElseThrow();
        writeLabels(
                2,
                List.of(
                        labelled(other, true, 1, start + 2 * hour),
                        new Appended(0, "{}".getBytes(StandardCharsets.UTF_8))),
                2);
        DatasetManifest second = world.run(world.inForce(false)).orElseThrow();

        assertThat(first.labels().count()).isEqualTo(2);
        assertThat(second.version()).as("new labels alone make a version").isEqualTo(2);
        assertThat(second.labels().count()).isEqualTo(3);
        assertThat(second.labels().bad()).isEqualTo(Map.of("missing-field", 1L));
        assertThat(second.files()).isEqualTo(first.files());
        assertThat(world.run(world.inForce(false))).isEmpty();

        assertThat(known(second, one, start - 1_000)).isEmpty();
        assertThat(known(second, one, start)).contains(new KnownLabels.Known(true, start / 1000 * 1000, 1, null));
        assertThat(known(second, one, start + hour))
                .map(KnownLabels.Known::fraud)
                .contains(false);
        assertThat(known(second, other, start + hour)).isEmpty();
        assertThat(known(second, other, start + 2 * hour))
                .map(KnownLabels.Known::fraud)
                .contains(true);
        assertThat(known(first, other, start + 2 * hour))
                .as("version 1 stays as it was")
                .isEmpty();
        Transaction silent = world.event(2, 3);
        assertThat(known(second, silent, silent.eventTimeMs() + RiskWorld.WEEK.toMillis() - 1))
                .isEmpty();
        assertThat(known(second, silent, silent.eventTimeMs() + RiskWorld.WEEK.toMillis()))
                .contains(KnownLabels.Known.unlabelled(false, silent.eventTimeMs() + RiskWorld.WEEK.toMillis()));
    }

    @Test
    void theScenarioIsThatOfTheLabelThatCounts() throws IOException {
        world.log.write(0, 1, 1);
        Transaction event = world.event(0, 3);
        long start = event.eventTimeMs() + 36_000_000;
        writeLabels(
                0,
                List.of(
                        labelled(event, true, "takeover", 1, start),
                        labelled(event, true, "burst", 2, start + 1_000),
                        labelled(event, true, null, 3, start + 2_000)),
                1);
        DatasetManifest version = world.run(world.inForce(false)).orElseThrow();

        assertThat(known(version, event, start))
                .map(KnownLabels.Known::scenario)
                .contains("takeover");
        assertThat(known(version, event, start + 1_000))
                .map(KnownLabels.Known::scenario)
                .contains("burst");
        assertThat(known(version, event, start + 2_000))
                .map(KnownLabels.Known::scenario)
                .isEmpty();
    }

    @Test
    void aTableFromBeforeScenariosIsReadWithoutThem() throws IOException {
        Path file = disk.resolve("old.parquet");
        List<TableSchema.Column> columns = LabelTable.SCHEMA.columns();
        TableSchema old = new TableSchema("labels", "One row per label.", columns.subList(0, columns.size() - 1));
        Label label = new Label("t", "a", "m", 1_000, true, "me", 1, 2_000);
        try (TableFileWriter writer = new TableFileWriter(file, old)) {
            writer.add(Arrays.copyOf(LabelTable.row(0, 0, label), old.columns().size()));
        }
        try (TableFileReader reader = new TableFileReader(file)) {
            assertThat(LabelTable.label(requireNonNull(reader.next()))).isEqualTo(label);
        }
    }

    private Optional<KnownLabels.Known> known(DatasetManifest version, Transaction event, long asOfMs)
            throws IOException {
        return KnownLabels.read(world.lake, version, asOfMs, RiskWorld.WEEK, disk)
                .of(event);
    }

    private void writeLabels(int from, List<Appended> appended, int minute) throws IOException {
        CaptureFileBuilder file = new CaptureFileBuilder("l", from);
        for (int i = 0; i < appended.size(); i++) {
            Appended one = appended.get(i);
            file.add(new CapturedEvent(from + i, "", one.timeMs(), Map.of(), Map.of(), one.body()));
        }
        world.labels.create(
                world.labels.name(0, Instant.parse("2026-04-01T00:00:00Z").plusSeconds(60L * minute)), file.finish());
    }

    private record Appended(long timeMs, byte[] body) {}

    private static Appended labelled(Transaction event, boolean fraud, int version, long appendMs) {
        return labelled(event, fraud, null, version, appendMs);
    }

    private static Appended labelled(
            Transaction event, boolean fraud, @Nullable String scenario, int version, long appendMs) {
        byte[] body = LabelEncoder.encode(new Label(
                event.transactionId(),
                event.account(),
                event.merchant(),
                event.eventTimeMs(),
                fraud,
                scenario,
                "me",
                version,
                0));
        return new Appended(appendMs / 1000 * 1000, body);
    }
}
