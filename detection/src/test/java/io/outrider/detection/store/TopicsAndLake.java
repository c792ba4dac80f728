package io.outrider.detection.store;

import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.event.LabelReading;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.StoreWriter;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** The topics of alerts and labels, one record after the other, and a lake that they are written into. */
final class TopicsAndLake implements AutoCloseable {

    static final long START = Instant.parse("2026-03-04T00:00:00Z").toEpochMilli();
    static final SourceLog ALERTS = log("alerts");
    static final SourceLog LABELS = log("labels");
    static final LabelReading READING = new LabelReading(Duration.ofMinutes(1), AccountNames.IDS);

    private final List<ConsumerRecord<byte[], byte[]>> topic = new CopyOnWriteArrayList<>();
    private final Queue<MockConsumer<byte[], byte[]>> consumers = new ConcurrentLinkedQueue<>();
    private final AlertFiles files;

    TopicsAndLake(Path folder) throws IOException {
        files = new AlertFiles(new FolderBlobStore(folder), "transactions", 1 << 20);
    }

    AlertFiles files() {
        return files;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    void append(Alert alert) {
        long offset =
                topic.stream().filter(record -> record.topic().equals("alerts")).count();
        append(new ConsumerRecord<>("alerts", 0, offset, new byte[0], AlertCodec.encode(alert)));
    }

    void append(ConsumerRecord<byte[], byte[]> record) {
        topic.add(new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                START + record.offset(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(),
                Optional.empty()));
    }

    /** Appends a record, to a partition that may be new; consumers that are open hear of it, as they do from the broker. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        append(record);
        consumers.forEach(open -> open.updatePartitions("labels", partitions("labels")));
    }

    /** Runs a writer until all that the topics have is in the store. */
    void writeAll() {
        StoreStream stream = writer();
        awaitWritten();
        stream.close();
    }

    void awaitWritten() {
        await().until(() -> {
            var manifest = files.current().manifest();
            return topic.stream()
                    .allMatch(record -> manifest.position(record.topic(), "g", record.partition()) > record.offset());
        });
    }

    StoreStream writer() {
        StoreSettings settings = new StoreSettings(Duration.ofMillis(1), 5, Duration.ZERO, 1 << 20, 1, 1);
        return new StoreStream(
                this::consumer,
                new StoreStream.Source() {
                    @Override
                    public StoreTopics topics() throws IOException {
                        return new StoreTopics(ALERTS, LABELS, Optional.empty(), READING);
                    }

                    @Override
                    public StoreWriter writer() throws IOException {
                        return new StoreWriter(files, Clock.systemUTC());
                    }
                },
                settings);
    }

    MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (String name : List.of("alerts", "labels")) {
            consumer.updatePartitions(name, partitions(name));
            for (PartitionInfo each : partitions(name)) {
                TopicPartition partition = new TopicPartition(name, each.partition());
                starts.put(partition, 0L);
                ends.put(
                        partition,
                        topic.stream()
                                .filter(record -> partition.equals(partition(record)))
                                .count());
            }
        }
        consumer.updateBeginningOffsets(starts);
        consumer.updateEndOffsets(ends);
        consumer.schedulePollTask(() -> topic.stream()
                .filter(record -> consumer.assignment().contains(partition(record)))
                .forEach(consumer::addRecord));
        consumers.add(consumer);
        return consumer;
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** At least one, and as many as there are records for. */
    private List<PartitionInfo> partitions(String name) {
        int highest = topic.stream()
                .filter(record -> record.topic().equals(name))
                .mapToInt(ConsumerRecord::partition)
                .max()
                .orElse(0);
        return IntStream.rangeClosed(0, highest)
                .mapToObj(number -> new PartitionInfo(name, number, Node.noNode(), new Node[0], new Node[0]))
                .toList();
    }

    private static SourceLog log(String name) {
        return new SourceLog() {
            @Override
            public String topic() {
                return name;
            }

            @Override
            public String generation() {
                return "g";
            }

            @Override
            public long startOffset(int partition) {
                return 0;
            }

            @Override
            public long endOffset(int partition) {
                throw new UnsupportedOperationException();
            }
        };
    }

    static Alert alert(long offset, String account, double amount) {
        LogPosition position = new LogPosition("g", 0, offset);
        return new Alert(
                position.alertId(),
                new Transaction("t" + offset, account, amount, START + offset * 60_000, null, null, null, null, null),
                0.99,
                0.9,
                Severity.HIGH,
                "m1",
                position.alertId(),
                60,
                List.of("amount 900 is far above the usual 60"),
                0.5,
                List.of(new Attribution("amount", "amount", 900, 0.4)),
                null,
                new Receipt(position, new ContextRef("m1", 0), "plan", Map.of("amount", 900.0)));
    }
}
