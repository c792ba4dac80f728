package io.outrider.lake.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFilesTest {

    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir
    Path folder;

    private BlobStore lake;
    private CaptureFiles files;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        files = new CaptureFiles(lake, "raw-transactions", "outrider", "transactions");
    }

    @Test
    void standsUnderThePathThatTheServiceGivesByDefault() throws IOException {
        assertThat(files.create(files.name(3, TIME), file("g", 0, 5))).isTrue();

        assertThat(lake.list(""))
                .singleElement()
                .satisfies(entry -> assertThat(entry.name())
                        .isEqualTo("raw-transactions/outrider/transactions/3/2026/03/04/05/06/07.avro"));
        assertThat(files.list(3)).containsExactly(files.name(3, TIME));
        assertThat(files.list(1)).isEmpty();
    }

    @Test
    void aFileThatIsThereIsNeverChanged() throws IOException {
        files.create(files.name(0, TIME), file("g", 0, 5));

        assertThat(files.create(files.name(0, TIME), file("g", 5, 9))).isFalse();

        assertThat(files.end(0, "g").nextSequenceNumber()).isEqualTo(5);
    }

    @Test
    void endsWithItsLastFileThatHasEvents() throws IOException {
        assertThat(files.end(0, "g")).isEqualTo(new CaptureFiles.End(0, Instant.EPOCH));
        files.create(files.name(0, TIME), file("g", 0, 5));
        files.create(files.name(0, TIME.plusSeconds(60)), file("g", 5, 12));
        files.create(files.name(0, TIME.plusSeconds(120)), new byte[0]);
        files.create(files.name(0, TIME.plusSeconds(180)), file("g", 12, 12));

        assertThat(files.end(0, "g")).isEqualTo(new CaptureFiles.End(12, TIME.plusSeconds(180)));
    }

    @Test
    void beginsAtZeroForATopicThatWasRecreated() throws IOException {
        files.create(files.name(0, TIME), file("old", 0, 5));

        assertThat(files.end(0, "new")).isEqualTo(new CaptureFiles.End(0, TIME));
    }

    @Test
    void theSameEventsGiveTheSameBytes() {
        assertThat(file("g", 3, 300)).isEqualTo(file("g", 3, 300));
    }

    private static byte[] file(String generation, long from, long to) {
        CaptureFileBuilder builder = new CaptureFileBuilder(generation, from);
        for (long number = from; number < to; number++) {
            builder.add(new CapturedEvent(
                    number,
                    Long.toString(number),
                    1_000 * number,
                    new HashMap<>(),
                    new HashMap<>(),
                    ("body " + number).getBytes(StandardCharsets.UTF_8)));
        }
        return builder.finish();
    }
}
