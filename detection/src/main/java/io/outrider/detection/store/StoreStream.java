package io.outrider.detection.store;

import io.outrider.detection.topic.TopicReader;
import io.outrider.lake.alert.StoreWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
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
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(8);

    /** Writes after which small files are looked for. */
    private static final int TIDY_AFTER = 8;

    private final StoreSettings settings;
    private final TopicReader reader;

    /** What is opened anew at each start. */
    interface Source {
        StoreTopics topics() throws IOException;

        StoreWriter writer() throws IOException;
    }

    /** Starts reading. */
    StoreStream(Supplier<Consumer<byte[], byte[]>> consumers, Source source, StoreSettings settings) {
        this.settings = settings;
        this.reader = new TopicReader(
                "outrider-alert-store",
                "The alert store's writer",
                CLOSE_LIMIT,
                consumers,
                from -> read(from, source.topics(), source.writer()));
        reader.start();
    }

    /** Writes what was taken and ends, within a few seconds. */
    @Override
    public void close() {
        reader.close();
    }

    private void read(Consumer<byte[], byte[]> from, StoreTopics topics, StoreWriter writer) throws IOException {
        List<TopicPartition> partitions = seek(from, topics, writer);
        long written = System.nanoTime();
        int writes = 0;
        try {
            while (reader.readsOn(from)) {
                for (ConsumerRecord<byte[], byte[]> record : from.poll(TopicReader.POLL)) {
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
        List<TopicPartition> partitions = TopicReader.assign(from, topics.names());
        TopicReader.seek(
                from,
                partitions,
                partition -> writer.manifest()
                        .position(partition.topic(), topics.generation(partition.topic()), partition.partition()),
                (partition, first, behind) -> LOG.error(
                        "Records of {} from {} to {} are no longer in the topic: none of them that is not stored yet will be",
                        partition,
                        first,
                        behind));
        return partitions;
    }
}
