package io.outrider.ingestion.rekey;

import io.outrider.core.event.CutLetter;
import io.outrider.core.event.DeadLetterHeaders;
import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.Coordinates;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.TopicInfo;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** What becomes of an ingress record: a copy by account, or a dead letter with its reason. For one thread. */
final class Copies {

    /** On every copy and dead letter of this stage: the coordinates of its ingress record. */
    static final String HEADER = "outrider-ingress";

    final TopicInfo ingress;
    final TopicInfo transactions;
    final TopicInfo deadLetters;
    private final TransactionDecoder decoder;
    private final AccountRecords records;

    Copies(
            TopicInfo ingress,
            TopicInfo transactions,
            TopicInfo deadLetters,
            TransactionDecoder decoder,
            EventReading reading) {
        this.ingress = ingress;
        this.transactions = transactions;
        this.deadLetters = deadLetters;
        this.decoder = decoder;
        this.records = new AccountRecords(transactions, reading.partitioner());
    }

    ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> source) {
        DecodeResult result = source.value() == null
                ? new Rejection(RejectionReason.NOT_JSON, "the record has no value")
                : decoder.decode(source.value(), source.timestamp());
        ProducerRecord<byte[], byte[]> copy = result instanceof Transaction transaction
                ? records.of(transaction.account(), source.value())
                : deadLetter(source, (Rejection) result);
        for (Header header : source.headers()) {
            if (!header.key().equals(HEADER)) {
                copy.headers().add(header);
            }
        }
        Coordinates coordinates = new Coordinates(ingress.generation(), source.partition(), source.offset());
        copy.headers().add(HEADER, coordinates.bytes());
        return copy;
    }

    boolean isDeadLetter(ProducerRecord<byte[], byte[]> copy) {
        return copy.topic().equals(deadLetters.name());
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> source, Rejection rejection) {
        int partition = source.partition() % deadLetters.partitions();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(deadLetters.name(), partition, source.key(), source.value());
        header(letter, DeadLetterHeaders.REASON, rejection.reason().wireName());
        header(letter, DeadLetterHeaders.DETAIL, rejection.detail());
        header(letter, DeadLetterHeaders.SOURCE_TOPIC, source.topic());
        header(letter, DeadLetterHeaders.SOURCE_GENERATION, ingress.generation());
        header(letter, DeadLetterHeaders.SOURCE_PARTITION, String.valueOf(source.partition()));
        header(letter, DeadLetterHeaders.SOURCE_OFFSET, String.valueOf(source.offset()));
        header(letter, DeadLetterHeaders.SOURCE_APPEND_TIME, String.valueOf(source.timestamp()));
        return letter;
    }

    /** The letter with the beginnings of its key and value only, where they are large. */
    static ProducerRecord<byte[], byte[]> cut(ProducerRecord<byte[], byte[]> letter) {
        CutLetter left = CutLetter.of(letter.key(), letter.value());
        ProducerRecord<byte[], byte[]> cut =
                new ProducerRecord<>(letter.topic(), letter.partition(), left.key(), left.value(), letter.headers());
        left.headers().forEach((name, value) -> header(cut, name, value));
        return cut;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
