package io.outrider.lake.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** One file of {@link AccountFileCodec}'s format in the making. */
final class AccountFileWriter {

    private final String name;
    private final GrowingBytes bytes = new GrowingBytes();
    private final DataFileWriter<GenericRecord> writer;
    private final GenericRecord row = new GenericData.Record(AccountFileCodec.SCHEMA);
    private int accounts;

    AccountFileWriter(String name, String planFingerprint) throws IOException {
        this.name = name;
        this.writer = new DataFileWriter<>(new GenericDatumWriter<>(AccountFileCodec.SCHEMA));
        writer.setMeta(AccountFileCodec.PLAN, planFingerprint);
        writer.create(AccountFileCodec.SCHEMA, bytes, AccountFileCodec.syncMarker(name));
    }

    String name() {
        return name;
    }

    int accounts() {
        return accounts;
    }

    /** About how long the file is by now. */
    int sizeBytes() {
        return bytes.size();
    }

    void add(String account, byte[] state) throws IOException {
        row.put(0, account);
        row.put(1, ByteBuffer.wrap(state));
        writer.append(row);
        accounts++;
    }

    /** Ends the file and returns it whole. */
    byte[] content() throws IOException {
        writer.close();
        return bytes.toByteArray();
    }
}
