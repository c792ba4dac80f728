package io.outrider.detection.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.AlertCodec;
import io.outrider.core.event.CutLetter;
import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.DeadLetterHeaders;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes to the broker, and that nothing is given up. */
class KafkaPublisherTest {

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final LiveMetrics metrics = new LiveMetrics();
    private final KafkaPublisher publisher = new KafkaPublisher(
            producer,
            new KafkaPublisher.Topics(
                    "alerts", "dead-letters", "scored-transactions", "/outrider/transactions", () -> "g"),
            metrics,
            Clock.fixed(Instant.ofEpochMilli(5_000), ZoneOffset.UTC));
    private final AtomicInteger acknowledged = new AtomicInteger();

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void anAlertIsACloudEventKeyedByItsAccount() {
        var alert = Alerts.alert("acc-1", 7);
        publisher.publish(new RaisedAlert(alert, 4_000), acknowledged::incrementAndGet);
        ProducerRecord<byte[], byte[]> record = sent(1);
        assertThat(record.topic()).isEqualTo("alerts");
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("acc-1");
        assertThat(AlertCodec.decode(record.value())).isEqualTo(alert);
        assertThat(headers(record))
                .isEqualTo(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "g-0-7",
                        "ce_type", "io.outrider.alert.v1",
                        "ce_source", "/outrider/transactions",
                        "ce_time", "2023-11-14T22:13:20Z",
                        "ce_subject", "acc-1",
                        "content-type", "application/json"));
        assertThat(acknowledged).hasValue(0);
        producer.completeNext();
        assertThat(acknowledged).hasValue(1);
        assertThat(metrics.alerts.sum()).isEqualTo(1);
    }

    @Test
    void aScoredTransactionIsKeyedByItsAccount() {
        publisher.publish(new ScoredRecord("acc-1", new byte[] {'{', '}'}), acknowledged::incrementAndGet);
        ProducerRecord<byte[], byte[]> record = sent(1);
        assertThat(record.topic()).isEqualTo("scored-transactions");
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("acc-1");
        assertThat(record.value()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
        assertThat(headers(record)).isEqualTo(Map.of("content-type", "application/json"));
        assertThat(acknowledged).hasValue(0);
        producer.completeNext();
        assertThat(acknowledged).hasValue(1);
        assertThat(metrics.scoredTransactions.sum()).isEqualTo(1);
    }

    @Test
    void aDeadLetterKeepsItsBytesAndSaysWhereItCameFrom() {
        byte[] value = {1, 2, 3};
        publisher.publish(
                new DeadLetter(
                        "transactions", 2, 9, 1_234, null, value, new Rejection(RejectionReason.NOT_JSON, "no object")),
                acknowledged::incrementAndGet);
        ProducerRecord<byte[], byte[]> record = sent(1);
        assertThat(record.topic()).isEqualTo("dead-letters");
        assertThat(record.value()).isEqualTo(value);
        assertThat(headers(record))
                .isEqualTo(Map.of(
                        DeadLetterHeaders.REASON, "not-json",
                        DeadLetterHeaders.DETAIL, "no object",
                        DeadLetterHeaders.SOURCE_TOPIC, "transactions",
                        DeadLetterHeaders.SOURCE_GENERATION, "g",
                        DeadLetterHeaders.SOURCE_PARTITION, "2",
                        DeadLetterHeaders.SOURCE_OFFSET, "9",
                        DeadLetterHeaders.SOURCE_APPEND_TIME, "1234"));
        producer.completeNext();
        assertThat(metrics.deadLetters(RejectionReason.NOT_JSON).sum()).isEqualTo(1);
    }

    @Test
    void aDeadLetterTooLargeForTheBrokerIsCutAndSaysSo() {
        byte[] value = new byte[1_500_000];
        value[0] = 7;
        publisher.publish(
                new DeadLetter("transactions", 2, 9, 1_234, null, value, new Rejection(RejectionReason.NOT_JSON, "no")),
                acknowledged::incrementAndGet);
        assertThat(sent(1).value()).isEqualTo(value);
        producer.errorNext(new RecordTooLargeException("1,500,000 bytes"));
        ProducerRecord<byte[], byte[]> record = sent(2);
        assertThat(record.value()).isEqualTo(Arrays.copyOf(value, CutLetter.VALUE_BYTES));
        assertThat(headers(record))
                .containsEntry(DeadLetterHeaders.TRUNCATED_FROM, "1500000")
                .containsEntry(DeadLetterHeaders.SOURCE_OFFSET, "9");
        producer.completeNext();
        assertThat(acknowledged).hasValue(1);
    }

    @Test
    void aDeadLetterWhoseKeyMakesItTooLargeForTheBrokerHasItCutAndSaysSo() {
        byte[] key = new byte[1_100_000];
        key[0] = 7;
        publisher.publish(letter(key, new byte[] {1}), acknowledged::incrementAndGet);
        assertThat(sent(1).key()).isEqualTo(key);
        producer.errorNext(new RecordTooLargeException("1,100,000 bytes"));
        ProducerRecord<byte[], byte[]> record = sent(2);
        assertThat(record.key()).isEqualTo(Arrays.copyOf(key, CutLetter.KEY_BYTES));
        assertThat(record.value()).containsExactly(1);
        assertThat(headers(record))
                .containsEntry(DeadLetterHeaders.KEY_TRUNCATED_FROM, "1100000")
                .doesNotContainKey(DeadLetterHeaders.TRUNCATED_FROM);
        producer.completeNext();
        assertThat(acknowledged).hasValue(1);
    }

    @Test
    void aRequestHoldsWhatTheDeadLettersTopicTakes() {
        assertThat(KafkaPublisher.producerProperties()).containsEntry("max.request.size", 2 * 1024 * 1024);
    }

    @Test
    void whatTheBrokerRefusesIsSentAgainUntilItIsTaken() {
        publisher.publish(new RaisedAlert(Alerts.alert("acc-1", 7), 4_000), acknowledged::incrementAndGet);
        sent(1);
        producer.errorNext(new IllegalStateException("no leader"));
        assertThat(publisher.problem()).contains("no leader");
        assertThat(acknowledged).hasValue(0);
        sent(2);
        producer.completeNext();
        assertThat(acknowledged).hasValue(1);
        assertThat(publisher.problem()).isNull();
    }

    @Test
    void aTopicThatRefusesIsAProblemThoughAnotherTakesWhatItIsSent() {
        publisher.publish(letter(null, new byte[] {1}), acknowledged::incrementAndGet);
        publisher.publish(new RaisedAlert(Alerts.alert("acc-1", 7), 4_000), acknowledged::incrementAndGet);
        sent(2);
        producer.errorNext(new IllegalStateException("no leader"));
        producer.completeNext();
        assertThat(acknowledged).hasValue(1);
        assertThat(publisher.problem()).contains("topic dead-letters", "no leader");
        sent(3);
        producer.completeNext();
        assertThat(acknowledged).hasValue(2);
        assertThat(publisher.problem()).isNull();
    }

    private static DeadLetter letter(byte @Nullable [] key, byte[] value) {
        return new DeadLetter(
                "transactions", 2, 9, 1_234, key, value, new Rejection(RejectionReason.NOT_JSON, "no object"));
    }

    private ProducerRecord<byte[], byte[]> sent(int count) {
        await().until(() -> producer.history().size() == count);
        return producer.history().get(count - 1);
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
