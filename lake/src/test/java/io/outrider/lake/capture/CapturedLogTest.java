package io.outrider.lake.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapturedLogTest {

    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir
    Path folder;

    private CaptureFiles files;
    private int written;

    @BeforeEach
    void open() throws IOException {
        files = new CaptureFiles(new FolderBlobStore(folder), "raw-transactions", "outrider", "transactions");
    }

    @Test
    void givesEachEventOnceThoughFilesOverlap() throws IOException {
        write("g", 0, 10, 0);
        write("g", 5, 12, 0);
        write("g", 10, 10, 0);
        write("g", 3, 6, 0);
        write("g", 12, 20, 0);

        assertThat(read(0)).isEqualTo(LongStream.range(0, 20).boxed().toList());
        assertThat(read(7)).isEqualTo(LongStream.range(7, 20).boxed().toList());
    }

    @Test
    void aGapIsNamed() throws IOException {
        write("g", 0, 10, 0);
        write("g", 14, 20, 0);

        assertThatThrownBy(() -> read(0))
                .isInstanceOf(CaptureGapException.class)
                .hasMessageContaining("05/06/08.avro: sequence number 14 follows where 10 is expected: 4 events");
        assertThat(read(14)).hasSize(6);
    }

    @Test
    void filesOfAnotherGenerationArePassedOver() throws IOException {
        write("old", 0, 30, 0);
        write("g", 0, 10, 1_000);

        assertThat(read(0)).hasSize(10);
    }

    /** The service's own files name no generation, but numbers that begin again do so later. */
    @Test
    void aRecreatedHubIsNotTakenForRepetition() throws IOException {
        write("", 0, 30, 0);
        write("", 10, 20, 0);
        assertThat(read(0)).hasSize(30);

        write("", 0, 10, 60_000);
        assertThatThrownBy(() -> read(0)).hasMessageContaining("recreated");
    }

    private void write(String generation, long from, long to, long laterMs) throws IOException {
        CaptureFileBuilder builder = new CaptureFileBuilder(generation, from);
        for (long number = from; number < to; number++) {
            long ms = TIME.toEpochMilli() + 1_000 * number + laterMs;
            builder.add(new CapturedEvent(number, "", ms, Map.of(), Map.of(), null));
        }
        assertThat(files.create(files.name(0, TIME.plusSeconds(written++)), builder.finish()))
                .isTrue();
    }

    private List<Long> read(long from) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (CapturedLog log = new CapturedLog(files, 0, "g", from)) {
            for (CapturedEvent event = log.next(); event != null; event = log.next()) {
                numbers.add(event.sequenceNumber());
            }
        }
        return numbers;
    }
}
