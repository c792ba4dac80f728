package io.outrider.ingestion.kafka;

import io.outrider.core.partition.AccountPartitioner;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes the records of a topic whose partition follows from the account. Thread-safe. */
public final class AccountRecords {

    private final TopicInfo topic;
    private final AccountPartitioner partitioner;

    public AccountRecords(TopicInfo topic, AccountPartitioner partitioner) {
        this.topic = topic;
        this.partitioner = partitioner;
    }

    /** The event on its account's partition, with the account as key. */
    public ProducerRecord<byte[], byte[]> of(String account, byte[] event) {
        return new ProducerRecord<>(
                topic.name(),
                partitioner.partition(account, topic.partitions()),
                account.getBytes(StandardCharsets.UTF_8),
                event);
    }

    /** An event whose account is unknown: no key, on any partition. */
    public ProducerRecord<byte[], byte[]> withoutKey(byte[] event) {
        return new ProducerRecord<>(topic.name(), event);
    }
}
