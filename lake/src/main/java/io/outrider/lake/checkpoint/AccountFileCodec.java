package io.outrider.lake.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Account states as an Avro object container file: one record per account, and in the file's metadata what the states
 * are of. The same accounts under the same name give the same bytes. Size and checksum stand in the manifest and are
 * verified before anything is read.
 */
final class AccountFileCodec {

    /** File metadata: the plan fingerprint. */
    static final String PLAN = "outrider.plan";

    static final Schema SCHEMA = SchemaBuilder.record("AccountCheckpoint")
            .namespace("io.outrider.checkpoint")
            .doc("An account's state as of a barrier.")
            .fields()
            .name("account")
            .doc("The account id.")
            .type()
            .stringType()
            .noDefault()
            .name("state")
            .doc("Its state, encoded by the account state codec of the plan named in the file's metadata.")
            .type()
            .bytesType()
            .noDefault()
            .endRecord();

    private AccountFileCodec() {}

    static CheckpointFile describe(String name, byte[] content, int accounts) {
        return new CheckpointFile(name, content.length, checksum(content), accounts);
    }

    /** Verifies the content against its description and passes its accounts on. */
    static void decode(CheckpointFile file, byte[] content, String planFingerprint, AccountSink into)
            throws IOException {
        if (content.length != file.sizeBytes()) {
            throw new CorruptCheckpointException(
                    file.name() + " has " + content.length + " bytes, its manifest says " + file.sizeBytes(), null);
        }
        if (!checksum(content).equals(file.crc32c())) {
            throw new CorruptCheckpointException(
                    file.name() + " is damaged: its checksum is " + checksum(content) + ", its manifest says "
                            + file.crc32c(),
                    null);
        }
        try (DataFileReader<GenericRecord> reader = open(file, content)) {
            if (!planFingerprint.equals(reader.getMetaString(PLAN))) {
                throw new CorruptCheckpointException(
                        file.name() + " holds states of plan " + reader.getMetaString(PLAN) + ", expected "
                                + planFingerprint,
                        null);
            }
            int accounts = 0;
            for (GenericRecord row = next(file, reader, null); row != null; row = next(file, reader, row)) {
                into.put(row.get(0).toString(), bytes((ByteBuffer) row.get(1)));
                accounts++;
            }
            if (accounts != file.accounts()) {
                throw new CorruptCheckpointException(
                        file.name() + " holds " + accounts + " accounts, its manifest says " + file.accounts(), null);
            }
        }
    }

    private static DataFileReader<GenericRecord> open(CheckpointFile file, byte[] content)
            throws CorruptCheckpointException {
        try {
            return new DataFileReader<>(new SeekableByteArrayInput(content), new GenericDatumReader<>(null, SCHEMA));
        } catch (IOException | AvroRuntimeException e) {
            throw unreadable(file, e);
        }
    }

    /** The next record, or null at the end; what the sink throws is not the file's fault, what this throws is. */
    private static @Nullable GenericRecord next(
            CheckpointFile file, DataFileReader<GenericRecord> reader, @Nullable GenericRecord reuse)
            throws CorruptCheckpointException {
        try {
            return reader.hasNext() ? reader.next(reuse) : null;
        } catch (IOException | AvroRuntimeException e) {
            throw unreadable(file, e);
        }
    }

    private static CorruptCheckpointException unreadable(CheckpointFile file, Exception why) {
        return new CorruptCheckpointException(file.name() + " cannot be read: " + why.getMessage(), why);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    static String checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Avro would draw it at random, and a repeated write would then differ from the first. */
    static byte[] syncMarker(String name) {
        UUID uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
