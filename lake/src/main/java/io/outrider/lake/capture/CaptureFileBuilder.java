package io.outrider.lake.capture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Builds one Capture file in memory, with the schema and the codec (null) that the service writes by default. The same
 * events give the same bytes. For one thread.
 */
public final class CaptureFileBuilder {

    /** The service's schema, word for word but for the null in the maps, which some of its files have, too. */
    static final Schema SCHEMA = new Schema.Parser().parse("""
                    {"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[
                     {"name":"SequenceNumber","type":"long"},
                     {"name":"Offset","type":"string"},
                     {"name":"EnqueuedTimeUtc","type":"string"},
                     {"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},
                     {"name":"Properties","type":{"type":"map","values":["long","double","string","bytes","null"]}},
                     {"name":"Body","type":["null","bytes"]}]}
                    """);

    /** What damage costs at most, and how exactly a file's size can be told while it grows. */
    private static final int BLOCK_BYTES = 16 << 10;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataFileWriter<GenericRecord> writer;
    private final GenericRecord row = new GenericData.Record(SCHEMA);
    private long events;
    private long next;

    /**
     * A file without events.
     *
     * @param generation which incarnation of the topic the events are of
     * @param firstSequenceNumber number of the event that will come first
     */
    @SuppressWarnings("resource") // closed by finish(); what is never finished holds nothing but memory
    public CaptureFileBuilder(String generation, long firstSequenceNumber) {
        this.next = firstSequenceNumber;
        try {
            this.writer = new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(SCHEMA))
                    .setSyncInterval(BLOCK_BYTES)
                    .setMeta(CaptureReader.GENERATION, generation)
                    .create(SCHEMA, bytes, endMark(generation + "/" + firstSequenceNumber));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    /** Appends an event; IllegalArgumentException if its number is not above the last one's. */
    public void add(CapturedEvent event) {
        if (event.sequenceNumber() < next) {
            throw new IllegalArgumentException(
                    "sequence number " + event.sequenceNumber() + " does not follow " + (next - 1));
        }
        row.put("SequenceNumber", event.sequenceNumber());
        row.put("Offset", event.offset());
        row.put("EnqueuedTimeUtc", EnqueuedTime.format(event.enqueuedTimeMs()));
        row.put("SystemProperties", wrapped(event.systemProperties()));
        row.put("Properties", wrapped(event.properties()));
        row.put("Body", event.body() == null ? null : ByteBuffer.wrap(event.body()));
        try {
            writer.append(row);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        events++;
        next = event.sequenceNumber() + 1;
    }

    /** Bytes so far, but for a last block of about 16 KiB. */
    public int sizeBytes() {
        return bytes.size();
    }

    /** How many events it has. */
    public long events() {
        return events;
    }

    /** One past the number of the last event; without events, the number of the one that is to come first. */
    public long nextSequenceNumber() {
        return next;
    }

    /** The file. Nothing can be added afterwards. */
    public byte[] finish() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, @Nullable Object> wrapped(Map<String, @Nullable Object> values) {
        Map<String, @Nullable Object> wrapped = new HashMap<>();
        values.forEach((key, value) ->
                wrapped.put(key, value instanceof byte[] array ? ByteBuffer.wrap(array) : value));
        return wrapped;
    }

    /** Avro would draw it at random, and a file written twice would then differ from itself. */
    private static byte[] endMark(String of) {
        UUID uuid = UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
