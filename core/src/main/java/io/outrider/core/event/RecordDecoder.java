package io.outrider.core.event;

import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.core.pseudonym.PseudonymKey;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the records of one partition: says of each whether it is an event or why not, the same live and in batch, and names
 * its account as it is known from here on. For one thread.
 */
public final class RecordDecoder {

    private final String accountField;
    private final TransactionDecoder decoder;
    private final AccountPartitioner partitioner;
    private final int partition;
    private final int partitions;
    private final AccountNames names;

    /**
     * A decoder for a partition's records.
     *
     * @param partitions how many the topic has
     * @param pseudonyms under which accounts are known
     */
    public RecordDecoder(
            EventSchema schema,
            AccountPartitioner partitioner,
            int partition,
            int partitions,
            PseudonymKey pseudonyms) {
        this.accountField = schema.accountField();
        this.decoder = new TransactionDecoder(schema);
        this.partitioner = partitioner;
        this.partition = partition;
        this.partitions = partitions;
        this.names = pseudonyms.names(partitioner, partitions);
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
            String name = names.of(transaction.account());
            return here(
                    transaction.account(),
                    name.equals(transaction.account()) ? transaction : transaction.withAccount(name));
        }
        Erasure erasure = Erasure.read(value, accountField);
        return erasure == null
                ? result
                : here(erasure.account(), new Erasure(erasure.id(), names.of(erasure.account())));
    }

    private DecodeResult here(String account, DecodeResult result) {
        int expected = partitioner.partition(account, partitions);
        return expected == partition ? result : wrongPartition(account, expected);
    }

    private Rejection wrongPartition(String account, int expected) {
        return new Rejection(
                RejectionReason.WRONG_PARTITION,
                "account '" + names.of(account) + "' belongs on partition " + expected + " of " + partitions
                        + ", but lies on " + partition);
    }
}
