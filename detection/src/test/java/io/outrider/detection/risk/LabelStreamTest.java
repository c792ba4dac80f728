package io.outrider.detection.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LabelReading;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.entity.Publisher;
import io.outrider.detection.protocol.FaultyLake;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LabelStreamTest {

    private static final TopicPartition PARTITION = new TopicPartition("labels", 0);
    private static final long NOW = 1_700_000_000_000L;
    private static final RiskSettings SETTINGS = RiskSettings.from(ConfigFactory.load());

    private final RiskFiles files = new RiskFiles(new FaultyLake(() -> false), "transactions");
    private final LiveMetrics metrics = new LiveMetrics();
    private final AtomicBoolean isMadeAnew = new AtomicBoolean();
    private final AtomicBoolean isGrown = new AtomicBoolean();

    @Test
    void aTopicThatIsMadeAnewIsReadFromItsBeginningWithoutAnotherProcess() throws IOException {
        LabelStream stream = new LabelStream(
                this::consumer,
                () -> new LabelStream.Opened(
                        new RiskAggregator(files, "g", 1, SETTINGS), isMadeAnew.get() ? "new" : "old"),
                new LabelStream.Source("labels", new LabelReading(Duration.ofMinutes(1), AccountNames.IDS)),
                new Nobody(),
                SETTINGS,
                metrics);
        await().until(() -> metrics.labels.sum() == 5);
        stream.close();
        RiskAggregator saved = new RiskAggregator(files, "g", 1, SETTINGS);
        assertThat(saved.position("labels/old/0")).isEqualTo(3);
        assertThat(saved.position("labels/new/0")).isEqualTo(2);
    }

    @Test
    void labelsOfAPartitionThatIsAddedAreRead() throws IOException {
        LabelStream stream = new LabelStream(
                this::growing,
                () -> new LabelStream.Opened(new RiskAggregator(files, "g", 1, SETTINGS), "g"),
                new LabelStream.Source("labels", new LabelReading(Duration.ofMinutes(1), AccountNames.IDS)),
                new Nobody(),
                SETTINGS,
                metrics);
        await().until(() -> metrics.labels.sum() == 2);
        stream.close();
        RiskAggregator saved = new RiskAggregator(files, "g", 1, SETTINGS);
        assertThat(saved.position("labels/g/0")).isEqualTo(1);
        assertThat(saved.position("labels/g/1")).isEqualTo(1);
    }

    /** Of a topic with a label in each partition, which has one more once the first is read. */
    private MockConsumer<byte[], byte[]> growing() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        List<PartitionInfo> all = IntStream.range(0, 2)
                .mapToObj(number -> new PartitionInfo("labels", number, Node.noNode(), new Node[0], new Node[0]))
                .toList();
        TopicPartition added = new TopicPartition("labels", 1);
        consumer.updatePartitions("labels", isGrown.get() ? all : all.subList(0, 1));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L, added, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 1L, added, 1L));
        boolean grown = isGrown.getAndSet(true);
        consumer.schedulePollTask(() -> {
            if (consumer.position(PARTITION) == 0) {
                consumer.addRecord(record(0, 0, "of-0"));
            }
            if (grown) {
                consumer.addRecord(record(1, 0, "of-1"));
            }
        });
        consumer.schedulePollTask(() -> consumer.updatePartitions("labels", all));
        return consumer;
    }

    /** Of the old topic, with three labels, which is then no more; or of the new one, with two others. */
    private MockConsumer<byte[], byte[]> consumer() {
        boolean anew = isMadeAnew.get();
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        consumer.updatePartitions(
                "labels", List.of(new PartitionInfo("labels", 0, Node.noNode(), new Node[0], new Node[0])));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, anew ? 2L : 3L));
        consumer.schedulePollTask(() -> {
            for (long offset = consumer.position(PARTITION); offset < (anew ? 2 : 3); offset++) {
                consumer.addRecord(record(0, offset, (anew ? "new-" : "old-") + offset));
            }
        });
        if (!anew) {
            for (int i = 0; i < 3; i++) {
                consumer.schedulePollTask(() -> {});
            }
            consumer.schedulePollTask(() -> {
                isMadeAnew.set(true);
                consumer.setPollException(new KafkaException("its offsets are out of range"));
            });
        }
        return consumer;
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, String id) {
        Label label = new Label(id, "a", "m", NOW, true, "me", 1, NOW);
        return new ConsumerRecord<>(
                "labels",
                partition,
                offset,
                NOW,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                new byte[0],
                LabelEncoder.encode(label),
                new RecordHeaders(),
                Optional.empty());
    }

    private static final class Nobody implements Publisher {

        @Override
        public void publish(RaisedAlert alert, Runnable acknowledged) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void publish(ScoredRecord scored, Runnable acknowledged) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void publish(DeadLetter letter, Runnable acknowledged) {
            throw new UnsupportedOperationException(letter.rejection().detail());
        }
    }
}
