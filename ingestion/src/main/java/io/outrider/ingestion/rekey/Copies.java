package io.outrider.ingestion.rekey;

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
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** What becomes of an ingress record: a copy by account, or a dead letter with its reason. For one thread. */
final class Copies {

    /** On every copy and dead letter of this stage: the coordinates of its ingress record. */
    static final String HEADER = "outrider-ingress";

    /** What is left of a dead letter's value when the broker refuses the whole: below Kafka's default of 1 MiB. */
    static final int CUT_BYTES = 900 * 1024;

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

    /** The letter with the beginning of its value only. */
    static ProducerRecord<byte[], byte[]> cut(ProducerRecord<byte[], byte[]> letter) {
        byte[] value = letter.value() == null ? new byte[0] : letter.value();
        ProducerRecord<byte[], byte[]> cut = new ProducerRecord<>(
                letter.topic(),
                letter.partition(),
                letter.key(),
                Arrays.copyOf(value, Math.min(value.length, CUT_BYTES)));
        letter.headers().forEach(cut.headers()::add);
        header(cut, DeadLetterHeaders.TRUNCATED_FROM, String.valueOf(value.length));
        return cut;
    }

    static boolean isCut(ProducerRecord<byte[], byte[]> letter) {
        return letter.headers().lastHeader(DeadLetterHeaders.TRUNCATED_FROM) != null;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
