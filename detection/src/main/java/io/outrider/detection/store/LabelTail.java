package io.outrider.detection.store;

import io.outrider.core.event.Erasure;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelEncoder;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.RowFilter;
import io.outrider.lake.alert.RowScan;
import io.outrider.lake.alert.StoreManifest;
import io.outrider.lake.alert.StoredRow;
import io.outrider.lake.alert.StoredTable;
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
 * Fills a {@link LabelBook}: first with the labels that the store has, then with those that the topic has beyond, as they come.
 * One thread of its own, which starts over when broker or lake fail it; the book stays as it is meanwhile.
 */
final class LabelTail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LabelTail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long RESTART_PAUSE_MS = 1_000;
    private static final long CLOSE_LIMIT_MS = 2_000;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final AlertFiles files;
    private final SourceLog topic;
    private final LabelDecoder live;
    private final LabelDecoder stored;
    private final LabelBook book;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread reader;

    private volatile boolean closed;
    private volatile boolean complete;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    /** Starts reading. */
    LabelTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            AlertFiles files,
            SourceLog topic,
            Duration maxAhead,
            LabelBook book) {
        this.consumers = consumers;
        this.files = files;
        this.topic = topic;
        this.live = new LabelDecoder(maxAhead, false);
        this.stored = new LabelDecoder(maxAhead, false);
        this.book = book;
        this.reader = new Thread(this::readAll, "outrider-labels");
        reader.setDaemon(true);
        reader.start();
    }

    /** Whether the book has all that there was at the start. */
    boolean isComplete() {
        return complete;
    }

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
                follow(opened, readStore());
            } catch (WakeupException e) {
                LOG.debug("Reading labels ends", e);
            } catch (IOException | KafkaException e) {
                LOG.warn("Reading labels starts again: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("Reading labels starts again", e);
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

    private StoreManifest readStore() throws IOException {
        StoreManifest manifest = files.current().manifest();
        try (RowScan scan = files.scan(manifest, StoredTable.LABELS, RowFilter.ALL)) {
            for (StoredRow row = scan.next(); row != null; row = scan.next()) {
                if (stored.decode(row.document(), row.timeMs()) instanceof Label label) {
                    book.take(label);
                }
            }
        }
        return manifest;
    }

    private void follow(Consumer<byte[], byte[]> from, StoreManifest manifest) throws IOException {
        String generation = topic.generation();
        List<TopicPartition> partitions = new ArrayList<>();
        from.partitionsFor(topic.topic())
                .forEach(info -> partitions.add(new TopicPartition(topic.topic(), info.partition())));
        from.assign(partitions);
        Map<TopicPartition, Long> starts = from.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = from.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long position = manifest.position(topic.topic(), generation, partition.partition());
            from.seek(partition, Math.max(position, starts.getOrDefault(partition, 0L)));
        }
        while (!closed) {
            complete = complete || reached(from, ends);
            for (ConsumerRecord<byte[], byte[]> record : from.poll(POLL)) {
                byte[] value = record.value();
                if (value != null && live.decode(value, record.timestamp()) instanceof Label label) {
                    book.take(label);
                } else {
                    erase(value);
                }
            }
        }
    }

    private void erase(byte @Nullable [] value) {
        Erasure erasure = Erasure.read(value, LabelEncoder.ACCOUNT);
        if (erasure != null) {
            book.erase(erasure.account());
        }
    }

    private static boolean reached(Consumer<byte[], byte[]> from, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> from.position(end.getKey()) >= end.getValue());
    }
}
