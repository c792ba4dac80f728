package io.outrider.ingestion.kafka;

import io.outrider.core.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Appends single records for somebody who waits for the acknowledgement. Thread-safe. */
final class Appending implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;

    Appending(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.producerProperties());
    }

    /** Completes when the broker has the record; fails with {@link UnavailableException} when that takes too long. */
    CompletableFuture<Void> append(ProducerRecord<byte[], byte[]> record) {
        return place(record).thenApply(at -> null);
    }

    /** The same, with where it lies. */
    CompletableFuture<RecordMetadata> place(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.complete(metadata);
                } else {
                    acknowledged.completeExceptionally(unavailable(failure));
                }
            });
        } catch (KafkaException e) {
            acknowledged.completeExceptionally(unavailable(e));
        }
        return acknowledged;
    }

    private static UnavailableException unavailable(Exception cause) {
        return new UnavailableException("the event stream did not acknowledge in time: " + cause.getMessage(), cause);
    }

    /** Waits for what is under way, at most 5 s. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
