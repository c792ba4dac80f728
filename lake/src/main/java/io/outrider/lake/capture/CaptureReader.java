package io.outrider.lake.capture;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Capture file from its start to its end, with one block in memory. Decodes with the schema that the file was
 * written with: fields are found by name, unknown ones are passed over, and unions have whatever branches they have. A file
 * without records, or of 0 bytes, has no events. For one thread.
 *
 * <p>The format is that of Event Hubs Capture, record {@code Microsoft.ServiceBus.Messaging.EventData}: {@code
 * SequenceNumber} long, {@code Offset} string, {@code EnqueuedTimeUtc} string, {@code SystemProperties} and {@code
 * Properties} maps of long, double, string or bytes (and null, in some), {@code Body} bytes or null. Codec null or deflate.
 */
public final class CaptureReader implements AutoCloseable {

    /** File metadata of ours, absent in the service's files: which incarnation of the topic the events are of. */
    static final String GENERATION = "outrider.generation";

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream input;
    private final AvroBlocks blocks;
    private final boolean properties;
    private final @Nullable GenericDatumReader<GenericRecord> datums;
    private @Nullable BinaryDecoder decoder;
    private @Nullable GenericRecord row;
    private long left;
    private @Nullable String enqueuedTime;
    private long enqueuedTimeMs;

    private CaptureReader(InputStream input, AvroBlocks blocks, boolean properties) throws IOException {
        this.input = input;
        this.blocks = blocks;
        this.properties = properties;
        Schema schema = blocks.schema();
        this.datums = schema == null ? null : new GenericDatumReader<>(schema, schema, new GenericData());
        if (schema != null) {
            require(schema);
        }
    }

    /**
     * Opens a file, which is closed with the reader.
     *
     * @param name what messages call it
     * @param properties whether events are wanted with their properties and offset; else these are empty
     * @throws DamagedCaptureException if it does not begin like a Capture file
     */
    public static CaptureReader open(String name, InputStream bytes, boolean properties) throws IOException {
        InputStream input = new BufferedInputStream(bytes, BUFFER_BYTES);
        try {
            return new CaptureReader(input, new AvroBlocks(name, input), properties);
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    /** Opens a file of the file system. */
    public static CaptureReader open(Path file) throws IOException {
        return open(file.toString(), Files.newInputStream(file), true);
    }

    private void require(Schema schema) throws DamagedCaptureException {
        if (schema.getType() != Schema.Type.RECORD) {
            throw blocks.damaged("its schema is no record", null);
        }
        for (String field : new String[] {"SequenceNumber", "EnqueuedTimeUtc", "Body"}) {
            if (schema.getField(field) == null) {
                throw blocks.damaged("not a Capture file: its schema has no " + field, null);
            }
        }
    }

    /** Which incarnation of the topic the events are of; empty in files of the service, which does not say. */
    public Optional<String> generation() {
        return Optional.of(blocks.text(GENERATION, "")).filter(text -> !text.isEmpty());
    }

    /**
     * The next event; null at the end.
     *
     * @throws DamagedCaptureException if the file is damaged here; events returned before are good
     */
    public @Nullable CapturedEvent next() throws IOException {
        while (left == 0) {
            endBlock();
            byte[] content = blocks.next();
            if (content == null) {
                return null;
            }
            decoder = DecoderFactory.get().binaryDecoder(content, decoder);
            left = blocks.records();
        }
        left--;
        return decode();
    }

    private void endBlock() throws IOException {
        if (decoder != null && !decoder.isEnd()) {
            throw blocks.damaged("it is longer than its records", null);
        }
    }

    private CapturedEvent decode() throws IOException {
        if (datums == null || decoder == null) {
            throw new IllegalStateException("a file without a schema has no blocks");
        }
        try {
            row = datums.read(row, decoder);
            return event(row);
        } catch (EOFException e) {
            throw blocks.damaged("a record breaks off", e);
        } catch (AvroRuntimeException | DateTimeException | IndexOutOfBoundsException | IOException e) {
            throw blocks.damaged("a record cannot be read: " + e.getMessage(), e);
        }
    }

    private CapturedEvent event(GenericRecord row) throws IOException {
        if (!(row.get("SequenceNumber") instanceof Number sequenceNumber)) {
            throw new IOException("SequenceNumber is no number");
        }
        return new CapturedEvent(
                sequenceNumber.longValue(),
                properties && row.hasField("Offset") ? String.valueOf(row.get("Offset")) : "",
                enqueuedTimeMs(String.valueOf(row.get("EnqueuedTimeUtc"))),
                properties ? map(row, "SystemProperties") : Map.of(),
                properties ? map(row, "Properties") : Map.of(),
                row.get("Body") instanceof ByteBuffer body ? bytes(body) : null);
    }

    /** Many events have the same time, as it is of whole seconds, and parsing it costs much. */
    private long enqueuedTimeMs(String text) {
        if (!text.equals(enqueuedTime)) {
            enqueuedTimeMs = EnqueuedTime.parse(text);
            enqueuedTime = text;
        }
        return enqueuedTimeMs;
    }

    private static Map<String, @Nullable Object> map(GenericRecord row, String field) {
        Map<String, @Nullable Object> map = new HashMap<>();
        if (row.hasField(field) && row.get(field) instanceof Map<?, ?> values) {
            values.forEach((key, value) -> map.put(String.valueOf(key), plain(value)));
        }
        return map;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof CharSequence) {
            return value.toString();
        }
        return value instanceof ByteBuffer buffer ? bytes(buffer) : value;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
