package io.outrider.detection.risk;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LabelReading;
import io.outrider.core.event.LabelResult;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.entity.Publisher;
import io.outrider.detection.topic.TopicReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the aggregator: reads the labels topic from where the book stands, looks for reports, and says when to publish and
 * to save. A bad label becomes a dead letter; the book is saved only when all of those are acknowledged, so none is lost.
 * Nothing is published before the labels that were there at the start are read, because a table must never know less than
 * the one before.
 *
 * <p>One thread of its own, which starts over when broker, lake or another aggregator fails it.
 */
final class LabelStream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LabelStream.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Opener opener;
    private final Source source;
    private final Publisher publisher;
    private final RiskSettings settings;
    private final LiveMetrics metrics;
    private final LabelDecoder decoder;
    private final AtomicLong unacknowledged = new AtomicLong();
    private final TopicReader reader;

    /** Opens an aggregator on what stands in the lake, at each start. */
    interface Opener {
        Opened open() throws IOException;
    }

    /**
     * What a start goes on from.
     *
     * @param generation incarnation of the labels topic as it is now; positions in another mean nothing
     */
    record Opened(RiskAggregator aggregator, String generation) {

        long position(int partition) {
            return aggregator.position(of(partition));
        }

        void position(int partition, long next) {
            aggregator.position(of(partition), next);
        }

        private String of(int partition) {
            return "labels/" + generation + "/" + partition;
        }
    }

    /**
     * Where labels come from.
     *
     * @param reading how labels are understood
     */
    record Source(String topic, LabelReading reading) {}

    /** Starts reading. */
    LabelStream(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Opener opener,
            Source source,
            Publisher publisher,
            RiskSettings settings,
            LiveMetrics metrics) {
        this.opener = opener;
        this.source = source;
        this.publisher = publisher;
        this.settings = settings;
        this.metrics = metrics;
        this.decoder = source.reading().decoder();
        this.reader =
                new TopicReader("outrider-merchant-risk", "Merchant risk", CLOSE_LIMIT, consumers, this::readAndSave);
        reader.start();
    }

    /** Saves what is taken and ends, within a few seconds. */
    @Override
    public void close() {
        reader.close();
    }

    private void readAndSave(Consumer<byte[], byte[]> from) throws IOException {
        Opened opened = opener.open();
        try {
            read(from, opened);
        } catch (WakeupException e) {
            LOG.debug("Merchant risk ends", e);
        }
        save(opened.aggregator());
    }

    private void read(Consumer<byte[], byte[]> from, Opened opened) throws IOException {
        RiskAggregator aggregator = opened.aggregator();
        Map<TopicPartition, Long> ends = seek(from, opened);
        Due collect = new Due(settings.reportInterval());
        Due save = new Due(settings.saveInterval());
        Due labelTable = new Due(settings.labelInterval());
        Due countTable = new Due(settings.countInterval());
        boolean caughtUp = false;
        boolean labels = true; // what was taken before the last save may not be published yet
        boolean counts = false;
        while (reader.readsOn(from)) {
            for (ConsumerRecord<byte[], byte[]> record : from.poll(TopicReader.POLL)) {
                labels |= take(record, opened);
            }
            caughtUp = caughtUp || TopicReader.isReached(from, ends);
            if (collect.now()) {
                counts |= aggregator.collect();
                collect.done();
            }
            if (caughtUp && ((labels && labelTable.now()) || (counts && countTable.now()))) {
                aggregator.publish();
                metrics.riskTables.increment();
                labels = false;
                counts = false;
                labelTable.done();
                countTable.done();
            }
            if (save.now() && save(aggregator)) {
                save.done();
            }
        }
    }

    private boolean save(RiskAggregator aggregator) throws IOException {
        if (unacknowledged.get() > 0) {
            return false;
        }
        aggregator.save();
        return true;
    }

    /** Where the topic ends now, having gone to where the book stands in it. */
    private Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> from, Opened opened) {
        List<TopicPartition> partitions = TopicReader.assign(from, List.of(source.topic()));
        TopicReader.seek(
                from,
                partitions,
                partition -> opened.position(partition.partition()),
                (partition, first, behind) ->
                        LOG.error("Labels of {} from {} to {} are no longer in the topic", partition, first, behind));
        return from.endOffsets(partitions);
    }

    private boolean take(ConsumerRecord<byte[], byte[]> record, Opened opened) {
        RiskAggregator aggregator = opened.aggregator();
        byte[] value = record.value();
        LabelResult result = value == null
                ? new Rejection(RejectionReason.NOT_JSON, "the record has no value")
                : decoder.decode(value, record.timestamp());
        boolean news = false;
        Erasure erasure = result instanceof Label ? null : Erasure.read(value, LabelEncoder.ACCOUNT);
        if (erasure != null) {
            news = aggregator.erase(source.reading().names().of(erasure.account()));
        } else if (result instanceof Label label) {
            news = aggregator.take(label);
            metrics.labels.add(news ? 1 : 0);
        } else if (result instanceof Rejection rejection) {
            unacknowledged.incrementAndGet();
            publisher.publish(
                    new DeadLetter(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            record.key(),
                            value,
                            rejection),
                    unacknowledged::decrementAndGet);
        }
        opened.position(record.partition(), record.offset() + 1);
        return news;
    }

    /** Something done from time to time; at once for the first time. */
    private static final class Due {

        private final long intervalNanos;
        private long nextNanos = System.nanoTime();

        Due(Duration interval) {
            this.intervalNanos = interval.toNanos();
        }

        boolean now() {
            return System.nanoTime() - nextNanos >= 0;
        }

        void done() {
            nextNanos = System.nanoTime() + intervalNanos;
        }
    }
}
