package io.outrider.lake.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files that Event Hubs Capture itself wrote: {@code capture/} of the directory that {@code OUTRIDER_TEST_DATA} names. */
@Tag("data")
class RealCaptureFilesTest {

    @Test
    void readsAFileWithNullAmongItsPropertiesTypes() throws IOException {
        List<CapturedEvent> events = read("EHC.avro");

        assertThat(events).hasSize(677);
        assertThat(events.get(0).enqueuedTimeMs())
                .isEqualTo(Instant.parse("2018-12-07T10:22:49Z").toEpochMilli());
        assertThat(events.get(0).offset()).isEqualTo("353424");
        assertThat(events.get(0).properties()).containsKeys("GUID", "RandomInt");
        assertThat(text(events.get(0))).isEqualTo("Message 1");
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).sequenceNumber())
                    .isEqualTo(events.get(i - 1).sequenceNumber() + 1);
        }
    }

    @Test
    void readsAFileWithAPublisher() throws IOException {
        List<CapturedEvent> events = read("bluefrog-05.avro");

        assertThat(events).hasSize(1);
        assertThat(events.get(0).sequenceNumber()).isZero();
        assertThat(events.get(0).enqueuedTimeMs())
                .isEqualTo(Instant.parse("2016-11-16T16:44:11Z").toEpochMilli());
        assertThat(events.get(0).systemProperties()).containsEntry("x-opt-publisher", "buddy1234");
        assertThat(text(events.get(0))).isEqualTo("{\"field1\": \"value1\", \"field2\": \"value2\"}");
    }

    private static String text(CapturedEvent event) {
        byte[] body = event.body();
        assertThat(body).isNotNull();
        return new String(body, StandardCharsets.UTF_8);
    }

    private static List<CapturedEvent> read(String name) throws IOException {
        String root = System.getenv("OUTRIDER_TEST_DATA");
        assumeTrue(root != null, "OUTRIDER_TEST_DATA is not set: no files of the service to read");
        Path file = Path.of(root, "capture", name);
        assumeTrue(Files.exists(file), file + " is absent: no files of the service to read");
        List<CapturedEvent> events = new ArrayList<>();
        try (CaptureReader reader = CaptureReader.open(file)) {
            for (CapturedEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
        return events;
    }
}
