package io.outrider.ingestion.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Appends many records as fast as the broker takes them, in order per partition; blocks when too much is under way. It
 * waits for a broker that is away, until interrupted or closed; what can't be mended by waiting fails the next call. Sending is for one thread.
 */
public final class BulkProducer implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final LongAdder acknowledged = new LongAdder();

    public BulkProducer(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.bulkProducerProperties());
    }

    public void send(ProducerRecord<byte[], byte[]> record) throws IOException {
        check();
        try {
            var unused = producer.send(record, (metadata, failed) -> {
                if (failed == null) {
                    acknowledged.increment();
                } else {
                    failure.compareAndSet(null, failed);
                }
            });
        } catch (KafkaException e) {
            throw new IOException("appending to topic " + record.topic() + " failed: " + e.getMessage(), e);
        }
    }

    /** Returns when everything sent has been acknowledged. */
    public void flush() throws IOException {
        try {
            producer.flush();
        } catch (InterruptException e) {
            throw new IOException("interrupted while waiting for the broker", e);
        }
        check();
    }

    private void check() throws IOException {
        Exception failed = failure.get();
        if (failed != null) {
            throw new IOException("the broker refused a record: " + failed.getMessage(), failed);
        }
    }

    /** Records acknowledged so far. */
    public long acknowledged() {
        return acknowledged.sum();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
