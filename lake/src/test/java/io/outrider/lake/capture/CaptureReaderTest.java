package io.outrider.lake.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureReaderTest {

    private static final int EVENTS = 3_000;

    @Test
    void readsBackWhatWasBuilt() throws IOException {
        CaptureFileBuilder builder = new CaptureFileBuilder("generation", 7);
        Map<String, Object> system = new HashMap<>(Map.of(CapturedEvent.KAFKA_KEY, bytes("account-1"), "n", 5L));
        builder.add(new CapturedEvent(7, "512", 1_700_000_000_999L, system, Map.of("h", "v"), bytes("{}")));
        builder.add(new CapturedEvent(9, "640", 1_700_000_001_000L, Map.of(), Map.of(), null));

        try (CaptureReader reader = reader(builder.finish())) {
            assertThat(reader.generation()).contains("generation");
            CapturedEvent first = reader.next();
            assertThat(first).isNotNull();
            assertThat(first.sequenceNumber()).isEqualTo(7);
            assertThat(first.offset()).isEqualTo("512");
            assertThat(first.enqueuedTimeMs()).as("whole seconds").isEqualTo(1_700_000_000_000L);
            assertThat(first.kafkaKey()).isEqualTo(bytes("account-1"));
            assertThat(first.systemProperties()).containsEntry("n", 5L);
            assertThat(first.properties()).isEqualTo(Map.of("h", "v"));
            assertThat(first.body()).isEqualTo(bytes("{}"));
            CapturedEvent second = reader.next();
            assertThat(second).isNotNull();
            assertThat(second.sequenceNumber()).isEqualTo(9);
            assertThat(second.body()).isNull();
            assertThat(second.kafkaKey()).isNull();
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void propertiesAreLeftOutForWhoeverDoesNotWantThem() throws IOException {
        CaptureFileBuilder builder = new CaptureFileBuilder("generation", 7);
        Map<String, Object> system = Map.of(CapturedEvent.KAFKA_KEY, bytes("account-1"));
        builder.add(new CapturedEvent(7, "512", 1_700_000_000_000L, system, Map.of("h", "v"), bytes("{}")));

        InputStream file = new ByteArrayInputStream(builder.finish());
        try (CaptureReader reader = CaptureReader.open("07.avro", file, false)) {
            assertThat(reader.next())
                    .usingRecursiveComparison()
                    .isEqualTo(new CapturedEvent(7, "", 1_700_000_000_000L, Map.of(), Map.of(), bytes("{}")));
        }
    }

    @Test
    void aFileWithoutEventsOrWithoutBytesHasNone() throws IOException {
        assertThat(read(new byte[0])).isEmpty();
        assertThat(read(new CaptureFileBuilder("g", 0).finish())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate"})
    void readsManyBlocksOfEitherCodecAndLeavesUnknownFieldsAlone(String codec) throws IOException {
        List<CapturedEvent> events = read(foreign(codec, "12/7/2018 10:22:49 AM", EVENTS));

        assertThat(events).hasSize(EVENTS);
        assertThat(events.get(EVENTS - 1).sequenceNumber()).isEqualTo(EVENTS - 1);
        assertThat(events.get(EVENTS - 1).body()).isEqualTo(bytes("body " + (EVENTS - 1)));
        assertThat(events.get(0).systemProperties()).containsEntry("x-opt-publisher", "me");
    }

    @ParameterizedTest
    @CsvSource({
        "12/7/2018 10:22:49 AM, 2018-12-07T10:22:49Z",
        "1/31/2026 12:00:00 AM, 2026-01-31T00:00:00Z",
        "1/31/2026 12:59:59 pm, 2026-01-31T12:59:59Z",
        "11/9/2026 1:02:03\u202fPM, 2026-11-09T13:02:03Z",
        "2026-11-09T13:02:03, 2026-11-09T13:02:03Z",
        "2026-11-09T13:02:03.1234567Z, 2026-11-09T13:02:03.123Z",
        "2026-11-09T13:02:03+02:00, 2026-11-09T11:02:03Z"
    })
    void readsTheTimesOfUsAndIso(String text, Instant expected) throws IOException {
        assertThat(read(foreign("null", text, 1)).get(0).enqueuedTimeMs()).isEqualTo(expected.toEpochMilli());
    }

    @Test
    void whatItWritesAsTimeItReads() {
        for (String text : new String[] {"2026-01-02T00:00:00Z", "2026-12-31T23:59:59Z", "2026-06-15T12:00:00Z"}) {
            long ms = Instant.parse(text).toEpochMilli();
            assertThat(EnqueuedTime.parse(EnqueuedTime.format(ms + 999))).isEqualTo(ms);
        }
    }

    @Test
    void aTimeThatIsNoneNamesFileAndBlock() throws IOException {
        assertThatThrownBy(() -> read(foreign("null", "yesterday", 1)))
                .isInstanceOf(DamagedCaptureException.class)
                .hasMessageContaining("07.avro, block 1")
                .hasMessageContaining("yesterday");
    }

    /** The one that Avro's own reader passes over in silence. */
    @Test
    void aFileThatBreaksOffAnywhereButBetweenBlocksIsDamaged() throws IOException {
        byte[] whole = foreign("null", "12/7/2018 10:22:49 AM", 400);
        int cutsBetweenBlocks = 0;
        for (int length = 1; length < whole.length; length += 37) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                assertThat(read(cut)).hasSizeLessThan(400);
                cutsBetweenBlocks++;
            } catch (DamagedCaptureException e) {
                assertThat(e.file()).isEqualTo("07.avro");
                assertThat(e).hasMessageContaining("07.avro, ").hasMessageContaining("breaks off");
            }
        }
        assertThat(cutsBetweenBlocks).isLessThanOrEqualTo(3);
    }

    @Test
    void aDamagedBlockIsNamedAndTheOnesBeforeAreGood() throws IOException {
        byte[] damaged = foreign("deflate", "12/7/2018 10:22:49 AM", EVENTS);
        damaged[damaged.length - 40] ^= 0x55;
        List<CapturedEvent> good = new ArrayList<>();

        assertThatThrownBy(() -> readInto(damaged, good))
                .isInstanceOfSatisfying(
                        DamagedCaptureException.class,
                        e -> assertThat(e.block()).isGreaterThan(1));
        assertThat(good).isNotEmpty();
    }

    @Test
    void whatIsNoCaptureFileIsRefused() throws IOException {
        assertThatThrownBy(() -> read(bytes("PAR1 and more")))
                .isInstanceOf(DamagedCaptureException.class)
                .hasMessage("07.avro, header: not an Avro file");
        Schema other = Schema.createRecord("Other", null, null, false, List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(other))) {
            writer.create(other, out);
        }
        assertThatThrownBy(() -> read(out.toByteArray())).hasMessageContaining("has no SequenceNumber");
    }

    /** As another writer might: fields of its own, unions of its own, small blocks. */
    private static byte[] foreign(String codec, String time, int events) throws IOException {
        Schema schema = new Schema.Parser().parse("""
                {"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[
                 {"name":"Extra","type":["null",{"type":"array","items":"int"}]},
                 {"name":"SequenceNumber","type":"long"},{"name":"Offset","type":"string"},
                 {"name":"EnqueuedTimeUtc","type":"string"},
                 {"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},
                 {"name":"Properties","type":{"type":"map","values":["long","double","string","bytes"]}},
                 {"name":"Body","type":["null","bytes"]},{"name":"Last","type":"double"}]}
                """);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
            writer.setCodec(CodecFactory.fromString(codec))
                    .setSyncInterval(8_192)
                    .create(schema, out, new byte[16]);
            for (int i = 0; i < events; i++) {
                GenericRecord row = new GenericData.Record(schema);
                row.put("Extra", List.of(1, 2, 3));
                row.put("SequenceNumber", (long) i);
                row.put("Offset", "" + 128 * i);
                row.put("EnqueuedTimeUtc", time);
                row.put("SystemProperties", Map.of("x-opt-publisher", "me"));
                row.put("Properties", Map.of());
                row.put("Body", ByteBuffer.wrap(bytes("body " + i)));
                row.put("Last", 0.5);
                writer.append(row);
            }
        }
        return out.toByteArray();
    }

    private static List<CapturedEvent> read(byte[] file) throws IOException {
        List<CapturedEvent> events = new ArrayList<>();
        readInto(file, events);
        return events;
    }

    private static void readInto(byte[] file, List<CapturedEvent> events) throws IOException {
        try (CaptureReader reader = reader(file)) {
            for (CapturedEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
    }

    private static CaptureReader reader(byte[] file) throws IOException {
        return CaptureReader.open("07.avro", new ByteArrayInputStream(file), true);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
