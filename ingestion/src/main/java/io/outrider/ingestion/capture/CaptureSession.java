package io.outrider.ingestion.capture;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a capture writer, from joining its group to a failure or the stop. Delivery: every record that the topic
 * still has is in the lake at least once, in order; see {@link CapturedPartition}. Where to go on is read from the lake; the
 * group's offsets tell only how far behind it is. For one thread.
 */
final class CaptureSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureSession.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LEAVE = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, TopicInfo> topics = new HashMap<>();
    private final BlobStore lake;
    private final CaptureSettings settings;
    private final LiveMetrics metrics;
    private final Clock clock;
    private final Map<TopicPartition, CapturedPartition> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> told = new HashMap<>();
    private long taken;

    CaptureSession(
            KafkaSettings kafka,
            List<TopicInfo> topics,
            BlobStore lake,
            CaptureSettings settings,
            LiveMetrics metrics,
            Clock clock) {
        topics.forEach(topic -> this.topics.put(topic.name(), topic));
        this.lake = lake;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
        kafka.groupInstanceId().ifPresent(id -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Math.toIntExact(kafka.consumer().sessionTimeout().toMillis()));
        this.consumer = new KafkaConsumer<>(properties);
    }

    /** Captures until told to stop; then writes what it has. Whatever it throws is like a crash. */
    void run(BooleanSupplier stopped) throws IOException {
        try {
            consumer.subscribe(topics.keySet(), new Assignments());
            while (!stopped.getAsBoolean()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    partition(record).take(event(record));
                    taken++;
                }
                for (CapturedPartition partition : partitions.values()) {
                    partition.writeIfDue();
                }
                tellProgress();
            }
            for (CapturedPartition partition : partitions.values()) {
                partition.write();
            }
            tellProgress();
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    /** Records taken so far. */
    long taken() {
        return taken;
    }

    private CapturedPartition partition(ConsumerRecord<byte[], byte[]> record) {
        CapturedPartition partition = partitions.get(new TopicPartition(record.topic(), record.partition()));
        if (partition == null) {
            throw new IllegalStateException("a record of a partition that is not ours: " + record.partition());
        }
        return partition;
    }

    private static CapturedEvent event(ConsumerRecord<byte[], byte[]> record) {
        Map<String, @Nullable Object> system = new HashMap<>();
        if (record.key() != null) {
            system.put(CapturedEvent.KAFKA_KEY, record.key());
        }
        Map<String, @Nullable Object> properties = new HashMap<>();
        for (Header header : record.headers()) {
            properties.put(header.key(), header.value());
        }
        return new CapturedEvent(
                record.offset(),
                Long.toString(record.offset()),
                record.timestamp(),
                system,
                properties,
                record.value());
    }

    /** Not waited for, and not missed if it fails: nothing depends on it. */
    private void tellProgress() {
        Map<TopicPartition, OffsetAndMetadata> news = new HashMap<>();
        partitions.forEach((source, partition) -> {
            Long before = told.put(source, partition.written());
            if (before == null || before != partition.written()) {
                news.put(source, new OffsetAndMetadata(partition.written()));
            }
        });
        if (!news.isEmpty()) {
            consumer.commitAsync(news, (offsets, failure) -> {
                if (failure != null) {
                    LOG.debug("The group's offsets were not committed", failure);
                }
            });
        }
    }

    /** Leaves the group; what is not written yet is read again by whoever comes next. */
    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(LEAVE));
    }

    /** Finds out, for partitions newly ours, where the lake ends. */
    private final class Assignments implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            Map<TopicPartition, Long> oldest = consumer.beginningOffsets(assigned);
            Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
            for (TopicPartition source : assigned) {
                try {
                    CapturedPartition partition = open(source);
                    goOn(source, partition, oldest.getOrDefault(source, 0L), ends.getOrDefault(source, 0L));
                    partitions.put(source, partition);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private CapturedPartition open(TopicPartition source) throws IOException {
            TopicInfo topic = Objects.requireNonNull(topics.get(source.topic()), "we subscribed to it");
            CaptureFiles files = settings.files(lake, source.topic());
            CaptureFiles.End end = files.end(source.partition(), topic.generation());
            return new CapturedPartition(files, source.partition(), topic.generation(), end, settings, metrics, clock);
        }

        private void goOn(TopicPartition source, CapturedPartition partition, long oldest, long end)
                throws IOException {
            if (partition.next() > end) {
                throw new IOException("the lake has events of " + source + " up to " + partition.next()
                        + ", the topic only up to " + end + ": they are not of the same topic;"
                        + " another outrider.capture.namespace keeps them apart");
            }
            if (partition.next() < oldest) {
                LOG.error("{} records of {} were gone before they were captured", oldest - partition.next(), source);
                metrics.captureLostEvents.add(oldest - partition.next());
                partition.skipTo(oldest);
            }
            LOG.info("Capturing {} from {}", source, partition.next());
            consumer.seek(source, partition.next());
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(partitions::remove);
            revoked.forEach(told::remove);
        }
    }
}
