package io.outrider.detection.store;

import io.outrider.core.event.Erasure;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LabelReading;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.topic.TopicReader;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.RowFilter;
import io.outrider.lake.alert.RowScan;
import io.outrider.lake.alert.StoreManifest;
import io.outrider.lake.alert.StoredRow;
import io.outrider.lake.alert.StoredTable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a {@link LabelBook}: first with the labels that the store has, then with those that the topic has beyond, as they come.
 * One thread of its own, which starts over when broker or lake fail it; the book stays as it is meanwhile.
 */
final class LabelTail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LabelTail.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final AlertFiles files;
    private final SourceLog topic;
    private final LabelDecoder decoder;
    private final AccountNames names;
    private final LabelBook book;
    private final TopicReader reader;

    private volatile boolean complete;

    /** Starts reading. */
    LabelTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            AlertFiles files,
            SourceLog topic,
            LabelReading reading,
            LabelBook book) {
        this.files = files;
        this.topic = topic;
        this.decoder = reading.decoder();
        this.names = reading.names();
        this.book = book;
        this.reader = new TopicReader("outrider-labels", "Reading labels", CLOSE_LIMIT, consumers, this::read);
        reader.start();
    }

    /** Whether the book has all that there was at the start. */
    boolean isComplete() {
        return complete;
    }

    @Override
    public void close() {
        reader.close();
    }

    private void read(Consumer<byte[], byte[]> from) throws IOException {
        follow(from, readStore());
    }

    private StoreManifest readStore() throws IOException {
        StoreManifest manifest = files.current().manifest();
        try (RowScan scan = files.scan(manifest, StoredTable.LABELS, RowFilter.ALL)) {
            for (StoredRow row = scan.next(); row != null; row = scan.next()) {
                if (decoder.decode(row.document(), row.timeMs()) instanceof Label label) {
                    book.take(label);
                }
            }
        }
        return manifest;
    }

    private void follow(Consumer<byte[], byte[]> from, StoreManifest manifest) throws IOException {
        String generation = topic.generation();
        List<TopicPartition> partitions = TopicReader.assign(from, List.of(topic.topic()));
        Map<TopicPartition, Long> ends = from.endOffsets(partitions);
        TopicReader.seek(
                from,
                partitions,
                partition -> manifest.position(topic.topic(), generation, partition.partition()),
                (partition, first, behind) ->
                        LOG.error("Labels of {} from {} to {} are no longer in the topic", partition, first, behind));
        while (reader.readsOn(from)) {
            complete = complete || TopicReader.isReached(from, ends);
            for (ConsumerRecord<byte[], byte[]> record : from.poll(TopicReader.POLL)) {
                byte[] value = record.value();
                if (value != null && decoder.decode(value, record.timestamp()) instanceof Label label) {
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
            book.erase(names.of(erasure.account()));
        }
    }
}
