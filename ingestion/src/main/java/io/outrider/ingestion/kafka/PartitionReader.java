package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads a stretch of a partition, decoded as the live stream decodes it. Calls block. For one thread. */
public final class PartitionReader {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final TopicInfo topic;
    private final EventReading reading;

    public PartitionReader(KafkaSettings kafka, TopicInfo topic, EventReading reading) {
        this.kafka = kafka;
        this.topic = topic;
        this.reading = reading;
    }

    /** Gives all records of [from, to), in groups, in order. IOException if the log does not have them all any more. */
    public void read(int partition, long from, long to, Consumer<EventGroup> taker) throws IOException {
        TopicPartition source = new TopicPartition(topic.name(), partition);
        GroupBuilder builder = new GroupBuilder(topic, partition, reading);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            consumer.assign(List.of(source));
            consumer.seek(source, from);
            while (consumer.position(source) < to) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(source)) {
                    if (record.offset() < to) {
                        builder.add(record);
                    }
                }
                if (builder.size() > 0) {
                    taker.accept(builder.take());
                }
            }
        } catch (KafkaException e) {
            throw new IOException("Kafka could not read " + source + " from offset " + from + ": " + e.getMessage(), e);
        }
    }
}
