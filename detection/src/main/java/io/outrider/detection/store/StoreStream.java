package io.outrider.detection.store;

import io.outrider.lake.alert.StoreWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the alert store from its topics, from where the store's manifest stands. Delivery: see {@link StoreWriter}; what is not
 * written when this ends is read again by whoever comes next.
 *
 * <p>One thread of its own, which starts over when broker, lake or another writer fails it.
 */
final class StoreStream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreStream.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long RESTART_PAUSE_MS = 1_000;
    private static final long CLOSE_LIMIT_MS = 8_000;

    /** Writes after which small files are looked for. */
    private static final int TIDY_AFTER = 8;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Source source;
    private final StoreSettings settings;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread reader;

    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    /** What is opened anew at each start. */
    interface Source {
        StoreTopics topics() throws IOException;

        StoreWriter writer() throws IOException;
    }

    /** Starts reading. */
    StoreStream(Supplier<Consumer<byte[], byte[]>> consumers, Source source, StoreSettings settings) {
        this.consumers = consumers;
        this.source = source;
        this.settings = settings;
        this.reader = new Thread(this::readAll, "outrider-alert-store");
        reader.setDaemon(true);
        reader.start();
    }

    /** Writes what was taken and ends, within a few seconds. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        try {
            reader.join(CLOSE_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAll() {
        while (!closed) {
            try (Consumer<byte[], byte[]> opened = consumers.get()) {
                consumer = opened;
                read(opened, source.topics(), source.writer());
            } catch (WakeupException e) {
                LOG.debug("The alert store's writer ends before it has begun", e);
            } catch (IOException | KafkaException e) {
                LOG.warn("The alert store's writer starts again: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("The alert store's writer starts again", e);
            } finally {
                consumer = null;
            }
            try {
                if (closing.await(RESTART_PAUSE_MS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void read(Consumer<byte[], byte[]> from, StoreTopics topics, StoreWriter writer) throws IOException {
        List<TopicPartition> partitions = seek(from, topics, writer);
        long written = System.nanoTime();
        int writes = 0;
        try {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : from.poll(POLL)) {
                    topics.take(record, writer);
                }
                boolean due =
                        System.nanoTime() - written >= settings.writeInterval().toNanos();
                if (due || writer.pendingRows() >= settings.writeRows()) {
                    write(from, partitions, topics, writer);
                    writer.erase();
                    written = System.nanoTime();
                    if (++writes % TIDY_AFTER == 0) {
                        writer.tidy(settings.retention());
                    }
                }
            }
        } catch (WakeupException e) {
            LOG.debug("The alert store's writer ends", e);
        }
        write(from, partitions, topics, writer);
    }

    private static void write(
            Consumer<byte[], byte[]> from, List<TopicPartition> partitions, StoreTopics topics, StoreWriter writer)
            throws IOException {
        for (TopicPartition partition : partitions) {
            writer.position(
                    partition.topic(),
                    topics.generation(partition.topic()),
                    partition.partition(),
                    from.position(partition));
        }
        writer.commit();
    }

    private static List<TopicPartition> seek(Consumer<byte[], byte[]> from, StoreTopics topics, StoreWriter writer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics.names()) {
            from.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        from.assign(partitions);
        Map<TopicPartition, Long> starts = from.beginningOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long position = writer.manifest()
                    .position(partition.topic(), topics.generation(partition.topic()), partition.partition());
            long start = starts.getOrDefault(partition, 0L);
            if (position > 0 && position < start) {
                LOG.error("Records of {} from {} to {} were gone before they were stored", partition, position, start);
            }
            from.seek(partition, Math.max(position, start));
        }
        return partitions;
    }
}
