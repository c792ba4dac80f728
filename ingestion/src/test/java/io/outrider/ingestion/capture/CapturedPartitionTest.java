package io.outrider.ingestion.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.capture.CapturedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapturedPartitionTest {

    private static final Instant START = Instant.parse("2026-03-04T05:06:07.800Z");
    private static final CaptureSettings SETTINGS =
            new CaptureSettings(true, "raw-transactions", "outrider", "capture", Duration.ofMinutes(5), 200 << 10);

    @TempDir
    Path folder;

    private final LiveMetrics metrics = new LiveMetrics();
    private final ManualClock clock = new ManualClock();
    private CaptureFiles files;

    @BeforeEach
    void open() throws IOException {
        files = SETTINGS.files(new FolderBlobStore(folder), "transactions");
    }

    @Test
    void aFileIsWrittenWhenItsFirstEventHasWaitedTheTimeWindow() throws IOException {
        CapturedPartition partition = partition();
        take(partition, 0, 1);
        clock.pass(Duration.ofMinutes(4));
        take(partition, 1, 10);
        partition.writeIfDue();
        assertThat(names()).isEmpty();

        clock.pass(Duration.ofMinutes(1));
        partition.writeIfDue();
        assertThat(names()).containsExactly(files.name(0, Instant.parse("2026-03-04T05:11:07Z")));
        assertThat(partition.written()).isEqualTo(10);
        assertThat(metrics.capturedEvents.sum()).isEqualTo(10);

        clock.pass(Duration.ofMinutes(50));
        partition.writeIfDue();
        assertThat(names()).as("no empty files").hasSize(1);
    }

    @Test
    void aFileIsWrittenWhenItHasItsSize() throws IOException {
        take(partition(), 0, 6_000);

        assertThat(names()).hasSizeGreaterThan(1);
        assertThat(new FolderBlobStore(folder).list("raw-transactions/"))
                .allSatisfy(entry -> assertThat(entry.sizeBytes()).isBetween(200L << 10, 300L << 10));
    }

    @Test
    void namesGoOnThoughTheClockGoesBack() throws IOException {
        CapturedPartition partition = partition();
        write(partition, 0, 5);
        clock.pass(Duration.ofHours(-1));
        write(partition, 5, 9);
        write(partition(), 9, 12);

        assertThat(names())
                .containsExactly(
                        files.name(0, Instant.parse("2026-03-04T05:06:07Z")),
                        files.name(0, Instant.parse("2026-03-04T05:06:08Z")),
                        files.name(0, Instant.parse("2026-03-04T05:06:09Z")));
        assertWhole(12);
    }

    @Test
    void aFileDoesNotWaitForAClockThatWasSetBack() throws IOException {
        CapturedPartition partition = partition();
        take(partition, 0, 5);
        clock.pass(Duration.ofHours(-1));
        partition.writeIfDue();
        assertThat(partition.written()).isEqualTo(5);
    }

    /** One that has lost the partition without knowing, and one that has taken it over. */
    @Test
    void twoWritersRepeatEventsButLeaveNoneOut() throws IOException {
        write(partition(), 0, 5);
        CapturedPartition zombie = partition();
        CapturedPartition owner = partition();
        take(zombie, 5, 12);
        write(owner, 5, 8);
        write(owner, 8, 20);
        zombie.write();
        write(partition(), 12, 25);

        assertThat(names()).hasSize(5);
        assertWhole(25);
    }

    @Test
    void whatWasTakenBeforeIsLeftOut() throws IOException {
        CapturedPartition partition = partition();
        take(partition, 0, 10);
        take(partition, 4, 12);
        partition.write();

        assertWhole(12);
        assertThat(metrics.capturedEvents.sum()).isEqualTo(12);
    }

    @Test
    void aBadSettingIsNamed() {
        assertThatThrownBy(() -> new CaptureSettings(true, "Raw", "n", "g", Duration.ofMinutes(1), 1 << 20))
                .hasMessageContaining("outrider.capture.container");
        assertThatThrownBy(() -> new CaptureSettings(true, "raw", "n", "g", Duration.ofMinutes(1), 1L << 40))
                .hasMessageContaining("outrider.capture.size-window");
    }

    private CapturedPartition partition() throws IOException {
        return new CapturedPartition(files, 0, "g", files.end(0, "g"), SETTINGS, metrics, clock);
    }

    private List<CaptureFileName> names() throws IOException {
        return files.list(0);
    }

    private static void write(CapturedPartition partition, long from, long to) throws IOException {
        take(partition, from, to);
        partition.write();
    }

    private static void take(CapturedPartition partition, long from, long to) throws IOException {
        for (long number = from; number < to; number++) {
            partition.take(new CapturedEvent(number, "" + number, 1_000 * number, Map.of(), Map.of(), new byte[100]));
        }
    }

    private void assertWhole(long events) throws IOException {
        try (CapturedLog log = new CapturedLog(files, 0, "g", 0)) {
            while (log.next() != null) {
                assertThat(log.position()).isPositive();
            }
            assertThat(log.position()).isEqualTo(events);
        }
    }

    private static final class ManualClock extends Clock {
        private Instant now = START;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
