package io.outrider.ingestion.kafka;

import io.opentelemetry.api.trace.Span;
import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.port.TransactionIntake;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes events from outside onto the transactions topic. Delivery: an outcome without a rejection is on the log once;
 * after a failed submission the caller can't know, and what it sends again counts again. A call may block for half the
 * delivery timeout when the broker is away.
 */
public final class KafkaIntake implements TransactionIntake, AutoCloseable {

    private final Appending appending;
    private final AccountRecords records;
    private final ThreadLocal<TransactionDecoder> decoders;
    private final RecordTracing tracing;
    private final Clock clock;

    public KafkaIntake(KafkaSettings kafka, TopicInfo topic, EventReading reading, Clock clock) {
        this.appending = new Appending(kafka);
        this.records = new AccountRecords(topic, reading.partitioner());
        this.decoders = ThreadLocal.withInitial(() -> new TransactionDecoder(reading.schema()));
        this.tracing = new RecordTracing(reading.tracing(), topic.name());
        this.clock = clock;
    }

    @Override
    public CompletionStage<List<Outcome>> submit(List<byte[]> events) {
        long nowMs = clock.millis();
        TransactionDecoder decoder = decoders.get();
        List<Outcome> outcomes = new ArrayList<>(events.size());
        List<CompletableFuture<Void>> acknowledged = new ArrayList<>(events.size());
        Span sending = tracing.sending(events.size());
        boolean refused = false;
        for (int i = 0; i < events.size() && !refused; i++) {
            DecodeResult result = decoder.decode(events.get(i), nowMs);
            if (result instanceof Transaction transaction) {
                CompletableFuture<Void> appended = appending.append(
                        RecordTracing.named(sending, records.of(transaction.account(), events.get(i))));
                acknowledged.add(appended);
                refused = appended.isCompletedExceptionally(); // each further one would block as long
                outcomes.add(new Outcome(i, transaction.transactionId(), null));
            } else if (result instanceof Rejection rejection) {
                outcomes.add(new Outcome(i, decoder.lastId(), rejection));
            }
        }
        return CompletableFuture.allOf(acknowledged.toArray(CompletableFuture<?>[]::new))
                .whenComplete((done, failure) -> RecordTracing.sent(sending, failure))
                .thenApply(done -> List.copyOf(outcomes));
    }

    /** Waits for what is under way, at most 5 s. */
    @Override
    public void close() {
        appending.close();
    }
}
