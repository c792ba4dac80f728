package io.outrider.core.event;

import io.outrider.core.partition.AccountPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the records of one partition: says of each whether it is an event or why not, the same live and in batch. For one
 * thread.
 */
public final class RecordDecoder {

    private final String accountField;
    private final TransactionDecoder decoder;
    private final AccountPartitioner partitioner;
    private final int partition;
    private final int partitions;

    /**
     * A decoder for a partition's records.
     *
     * @param partitions how many the topic has
     */
    public RecordDecoder(EventSchema schema, AccountPartitioner partitioner, int partition, int partitions) {
        this.accountField = schema.accountField();
        this.decoder = new TransactionDecoder(schema);
        this.partitioner = partitioner;
        this.partition = partition;
        this.partitions = partitions;
    }

    /**
     * Decodes one record's value. Never throws on any input.
     *
     * @param value null for a record without one
     * @param appendTimeMs the record's log append time, milliseconds since the epoch
     */
    public DecodeResult decode(byte @Nullable [] value, long appendTimeMs) {
        if (value == null) {
            return new Rejection(RejectionReason.NOT_JSON, "the record has no value");
        }
        DecodeResult result = decoder.decode(value, appendTimeMs);
        if (result instanceof Transaction transaction) {
            return here(transaction.account(), transaction);
        }
        Erasure erasure = Erasure.read(value, accountField);
        return erasure == null ? result : here(erasure.account(), erasure);
    }

    private DecodeResult here(String account, DecodeResult result) {
        int expected = partitioner.partition(account, partitions);
        return expected == partition ? result : wrongPartition(account, expected);
    }

    private Rejection wrongPartition(String account, int expected) {
        return new Rejection(
                RejectionReason.WRONG_PARTITION,
                "account '" + account + "' belongs on partition " + expected + " of " + partitions + ", but lies on "
                        + partition);
    }
}
