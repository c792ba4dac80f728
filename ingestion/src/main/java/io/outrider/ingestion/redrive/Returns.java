package io.outrider.ingestion.redrive;

import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelResult;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.TopicInfo;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes the record that puts a letter back: a label for the labels topic, where that is where it came from, and a transaction for
 * the transactions topic otherwise. Reads it as those who read that topic do. For one thread.
 */
final class Returns {

    private final String labels;
    private final AccountRecords transactions;
    private final TransactionDecoder transactionDecoder;
    private final LabelDecoder labelDecoder;
    private final Clock clock;

    /**
     * A record, or why the letter still is none; one of both.
     *
     * @param rejection null if it is one
     * @param record null if it is none
     */
    record Return(@Nullable Rejection rejection, @Nullable ProducerRecord<byte[], byte[]> record) {}

    /** @param labels name of the labels topic */
    Returns(String labels, TopicInfo transactions, EventReading reading, Clock clock) {
        this.labels = labels;
        this.transactions = new AccountRecords(transactions, reading.partitioner());
        this.transactionDecoder = new TransactionDecoder(reading.schema());
        this.labelDecoder = new LabelDecoder(reading.schema().maxAhead(), false);
        this.clock = clock;
    }

    boolean isLabel(Letter letter) {
        return letter.topic().equals(labels);
    }

    /** What a letter's value comes to; null is no value. */
    Return of(Letter letter, byte @Nullable [] value) {
        if (value == null) {
            return new Return(new Rejection(RejectionReason.NOT_JSON, "the record has no value"), null);
        }
        return isLabel(letter) ? label(value) : transaction(value);
    }

    private Return transaction(byte[] value) {
        DecodeResult result = transactionDecoder.decode(value, clock.millis());
        return result instanceof Transaction transaction
                ? new Return(null, transactions.of(transaction.account(), value))
                : new Return((Rejection) result, null);
    }

    private Return label(byte[] value) {
        LabelResult result = labelDecoder.decode(value, clock.millis());
        return result instanceof Label label
                ? new Return(
                        null, new ProducerRecord<>(labels, label.account().getBytes(StandardCharsets.UTF_8), value))
                : new Return((Rejection) result, null);
    }
}
