package io.outrider.ingestion.kafka;

import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelResult;
import io.outrider.core.event.Rejection;
import io.outrider.core.port.LabelIntake;
import io.outrider.core.port.TransactionIntake.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Takes labels from outside onto the labels topic, unchanged, by account. Delivery: an outcome without a rejection is on
 * the topic; after a failed submission the caller can't know, and sends again what changes nothing if it is there.
 */
public final class KafkaLabels implements LabelIntake, AutoCloseable {

    private final Appending appending;
    private final String topic;
    private final Duration maxAhead;
    private final Clock clock;

    /** @param maxAhead how far a transaction's event time may lie after now */
    public KafkaLabels(KafkaSettings kafka, Duration maxAhead, Clock clock) {
        this.appending = new Appending(kafka);
        this.topic = kafka.topics().labels();
        this.maxAhead = maxAhead;
        this.clock = clock;
    }

    @Override
    public CompletionStage<List<Outcome>> submitLabels(List<byte[]> labels) {
        LabelDecoder decoder = new LabelDecoder(maxAhead, false);
        List<Outcome> outcomes = new ArrayList<>(labels.size());
        List<CompletableFuture<Void>> acknowledged = new ArrayList<>(labels.size());
        boolean refused = false;
        for (int i = 0; i < labels.size() && !refused; i++) {
            LabelResult result = decoder.decode(labels.get(i), clock.millis());
            if (result instanceof Label label) {
                byte[] key = label.account().getBytes(StandardCharsets.UTF_8);
                CompletableFuture<Void> appended = appending.append(new ProducerRecord<>(topic, key, labels.get(i)));
                acknowledged.add(appended);
                refused = appended.isCompletedExceptionally(); // each further one would block as long
                outcomes.add(new Outcome(i, label.transactionId(), null));
            } else if (result instanceof Rejection rejection) {
                outcomes.add(new Outcome(i, null, rejection));
            }
        }
        return CompletableFuture.allOf(acknowledged.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> List.copyOf(outcomes));
    }

    /** Waits for what is under way, at most 5 s. */
    @Override
    public void close() {
        appending.close();
    }
}
