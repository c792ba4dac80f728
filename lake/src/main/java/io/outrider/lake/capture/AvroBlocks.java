package io.outrider.lake.capture;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of an Avro object container file, one after the other (Apache Avro 1.12 specification, "Object Container
 * Files"). Holds one block in memory. Avro's own reader takes a file that breaks off inside a block for one that has ended,
 * and events would be missing without a word: this one tells them apart. For one thread.
 */
final class AvroBlocks {

    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int SYNC_BYTES = 16;
    private static final int CHUNK_BYTES = 1 << 16;

    private final String file;
    private final PushbackInputStream input;
    private final BinaryDecoder decoder;
    private final Map<String, byte[]> metadata = new HashMap<>();
    private final byte[] sync = new byte[SYNC_BYTES];
    private final boolean deflated;
    private final @Nullable Schema schema;
    private long block;
    private long records;

    /** Reads the header. A file of 0 bytes has no schema, and no blocks. */
    AvroBlocks(String file, InputStream bytes) throws IOException {
        this.file = file;
        this.input = new PushbackInputStream(bytes);
        this.decoder = DecoderFactory.get().directBinaryDecoder(input, null);
        if (atEnd()) {
            this.schema = null;
            this.deflated = false;
            return;
        }
        try {
            header();
            this.schema = new Schema.Parser().parse(text("avro.schema", ""));
        } catch (EOFException e) {
            throw damaged("the file breaks off", e);
        } catch (AvroRuntimeException e) {
            throw damaged("no schema: " + e.getMessage(), e);
        }
        String codec = text("avro.codec", "null");
        if (!codec.equals("null") && !codec.equals("deflate")) {
            throw damaged("codec " + codec + " is not one that Capture writes (null, deflate)", null);
        }
        this.deflated = codec.equals("deflate");
    }

    private void header() throws IOException {
        byte[] magic = new byte[MAGIC.length];
        decoder.readFixed(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw damaged("not an Avro file", null);
        }
        for (long entries = decoder.readMapStart(); entries > 0; entries = decoder.mapNext()) {
            for (long i = 0; i < entries; i++) {
                String key = decoder.readString();
                metadata.put(key, bytes(decoder.readLong()));
            }
        }
        decoder.readFixed(sync);
    }

    /** What the file was written with; null for a file of 0 bytes. */
    @Nullable
    Schema schema() {
        return schema;
    }

    /** An entry of the file's metadata as text. */
    String text(String key, String absent) {
        byte[] value = metadata.get(key);
        return value == null ? absent : new String(value, StandardCharsets.UTF_8);
    }

    /** The next block that has records, uncompressed; null at the end of the file. */
    byte @Nullable [] next() throws IOException {
        records = 0;
        byte[] content = null;
        while (records == 0) {
            if (atEnd()) {
                return null;
            }
            block++;
            content = read();
        }
        return content;
    }

    private byte[] read() throws IOException {
        try {
            records = decoder.readLong();
            byte[] stored = bytes(decoder.readLong());
            byte[] end = new byte[SYNC_BYTES];
            decoder.readFixed(end);
            if (records < 0 || !Arrays.equals(end, sync)) {
                throw damaged("its end mark is not the file's", null);
            }
            return deflated ? inflate(stored) : stored;
        } catch (EOFException e) {
            throw damaged("the file breaks off", e);
        } catch (DataFormatException e) {
            throw damaged("cannot be inflated: " + e.getMessage(), e);
        } catch (DamagedCaptureException e) {
            throw e;
        } catch (AvroRuntimeException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    /** Which block {@link #next} returned, from 1. */
    long block() {
        return block;
    }

    /** How many records it has. */
    long records() {
        return records;
    }

    DamagedCaptureException damaged(String what, @Nullable Throwable cause) {
        return new DamagedCaptureException(file, block, what, cause);
    }

    /** A damaged length must not become an allocation: memory grows with what there really is. */
    private byte[] bytes(long size) throws IOException {
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw damaged("a length of " + size + " bytes", null);
        }
        byte[] read = input.readNBytes((int) size);
        if (read.length < size) {
            throw new EOFException();
        }
        return read;
    }

    private boolean atEnd() throws IOException {
        int next = input.read();
        if (next >= 0) {
            input.unread(next);
        }
        return next < 0;
    }

    private static byte[] inflate(byte[] deflated) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            ByteArrayOutputStream content = new ByteArrayOutputStream(4 * deflated.length);
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!inflater.finished()) {
                int count = inflater.inflate(chunk);
                if (count == 0 && !inflater.finished()) {
                    throw new DataFormatException("it breaks off");
                }
                content.write(chunk, 0, count);
            }
            return content.toByteArray();
        } finally {
            inflater.end();
        }
    }
}
