package io.outrider.ingestion.kafka;

import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LabelReading;
import io.outrider.core.event.LabelResult;
import io.outrider.core.event.Rejection;
import io.outrider.core.port.LabelIntake;
import io.outrider.core.port.TransactionIntake.Outcome;
import io.outrider.core.pseudonym.AccountNames;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Takes labels from outside onto the labels topic, by account, unchanged but for accounts that have pseudonyms. Delivery: an outcome without a rejection is on
 * the topic; after a failed submission the caller can't know, and sends again what changes nothing if it is there.
 */
public final class KafkaLabels implements LabelIntake, AutoCloseable {

    private final Appending appending;
    private final String topic;
    private final LabelReading reading;
    private final Clock clock;

    /** A taker of labels. */
    public KafkaLabels(KafkaSettings kafka, LabelReading reading, Clock clock) {
        this.appending = new Appending(kafka);
        this.topic = kafka.topics().labels();
        this.reading = reading;
        this.clock = clock;
    }

    @Override
    public CompletionStage<List<Outcome>> submitLabels(List<byte[]> labels) {
        LabelDecoder decoder = reading.decoder();
        List<Outcome> outcomes = new ArrayList<>(labels.size());
        List<CompletableFuture<Void>> acknowledged = new ArrayList<>(labels.size());
        boolean pseudonyms = reading.names() != AccountNames.IDS;
        boolean refused = false;
        for (int i = 0; i < labels.size() && !refused; i++) {
            LabelResult result = decoder.decode(labels.get(i), clock.millis());
            if (result instanceof Label label) {
                byte[] key = label.account().getBytes(StandardCharsets.UTF_8);
                byte[] value = pseudonyms ? LabelEncoder.encode(label) : labels.get(i);
                CompletableFuture<Void> appended = appending.append(new ProducerRecord<>(topic, key, value));
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
