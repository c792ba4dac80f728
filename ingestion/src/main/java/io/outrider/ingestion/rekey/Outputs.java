package io.outrider.ingestion.rekey;

import io.outrider.ingestion.kafka.Coordinates;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicEnds;
import io.outrider.ingestion.kafka.TopicInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The partitions that copies and dead letters are written to, in a fixed order, and the search through their ends. */
final class Outputs {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final int transactionPartitions;

    Outputs(KafkaSettings kafka, TopicInfo transactions, TopicInfo deadLetters) {
        this.kafka = kafka;
        this.transactionPartitions = transactions.partitions();
        for (int p = 0; p < transactions.partitions(); p++) {
            partitions.add(new TopicPartition(transactions.name(), p));
        }
        for (int p = 0; p < deadLetters.partitions(); p++) {
            partitions.add(new TopicPartition(deadLetters.name(), p));
        }
    }

    int size() {
        return partitions.size();
    }

    /** Place in the order of {@link Floors} of a transactions partition. */
    int ofTransactions(int partition) {
        return partition;
    }

    /** Place in the order of {@link Floors} of a dead-letters partition. */
    int ofDeadLetters(int partition) {
        return transactionPartitions + partition;
    }

    /** Where the next record of each output will come to lie. */
    long[] ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            return partitions.stream()
                    .mapToLong(output -> ends.getOrDefault(output, 0L))
                    .toArray();
        }
    }

    /** Reads every output from its floor (or its oldest record) to its present end, giving the coordinates found. */
    void scan(long[] floors, Consumer<Coordinates> found) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (int i = 0; i < floors.length; i++) {
                TopicPartition output = partitions.get(i);
                consumer.seek(output, Math.max(floors[i], starts.getOrDefault(output, 0L)));
            }
            while (!TopicEnds.reached(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Coordinates coordinates = Coordinates.of(record.headers(), Copies.HEADER);
                    if (coordinates != null) {
                        found.accept(coordinates);
                    }
                }
            }
        }
    }
}
