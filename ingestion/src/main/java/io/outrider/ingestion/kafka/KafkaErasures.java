package io.outrider.ingestion.kafka;

import io.outrider.core.event.Erasure;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LogPosition;
import io.outrider.core.port.ErasureMarks;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts erasures into the transactions and the labels topic, where the account's events and labels lie. */
public final class KafkaErasures implements ErasureMarks, AutoCloseable {

    private final Appending appending;
    private final AccountRecords records;
    private final TopicInfo transactions;
    private final TopicInfo labels;
    private final String accountField;

    public KafkaErasures(KafkaSettings kafka, TopicInfo transactions, TopicInfo labels, EventReading reading) {
        this.appending = new Appending(kafka);
        this.records = new AccountRecords(transactions, reading.partitioner());
        this.transactions = transactions;
        this.labels = labels;
        this.accountField = reading.schema().accountField();
    }

    /** Behind all labels of the account: those lie where the producer puts its key, and so does this. */
    @Override
    public CompletionStage<Marks> append(Erasure erasure) {
        byte[] key = erasure.account().getBytes(StandardCharsets.UTF_8);
        CompletableFuture<LogPosition> inTransactions =
                place(transactions, records.of(erasure.account(), erasure.encode(accountField)));
        CompletableFuture<LogPosition> inLabels =
                place(labels, new ProducerRecord<>(labels.name(), key, erasure.encode(LabelEncoder.ACCOUNT)));
        return inTransactions.thenCombine(inLabels, Marks::new);
    }

    private CompletableFuture<LogPosition> place(TopicInfo topic, ProducerRecord<byte[], byte[]> record) {
        return appending
                .place(record)
                .thenApply(at -> new LogPosition(topic.generation(), at.partition(), at.offset()));
    }

    /** Waits for what is under way, at most 5 s. */
    @Override
    public void close() {
        appending.close();
    }
}
