package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.port.TransactionIntake.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TransactionSourceTest extends SourceFixture {

    @Test
    void everyRecordArrivesOnceInOrderAsEventOrDeadLetter() throws Exception {
        submit(0, 1_000);
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producerProperties())) {
            for (int i = 0; i < 8; i++) {
                producer.send(new ProducerRecord<>(topic.name(), i % topic.partitions(), null, bytes("not json " + i)))
                        .get();
            }
        }
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 1_000 && owner.deadLetters() == 8);
        submit(1_000, 1_500);
        await().atMost(PATIENCE).until(() -> owner.events() == 1_500);
        drain(source);

        assertThat(owner.groups()).allSatisfy(TransactionSourceTest::isInOrder);
        for (int p = 0; p < topic.partitions(); p++) {
            assertThat(offsets(p)).isEqualTo(upTo(topics.endOffset(topic.name(), p)));
        }
        assertThat(owner.groups().size()).isLessThan(1_000);
    }

    @Test
    void anAccountOnTheWrongPartitionIsADeadLetterWithItsOriginalRecord() throws Exception {
        int right = READING.partitioner().partition("7", topic.partitions());
        int wrong = (right + 1) % topic.partitions();
        try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producerProperties())) {
            producer.send(new ProducerRecord<>(topic.name(), wrong, bytes("7"), event(1, "7")))
                    .get();
        }
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.deadLetters() == 1);
        drain(source);

        DeadLetter letter = owner.groups().get(0).deadLetters().get(0);
        assertThat(letter.rejection().reason()).isEqualTo(RejectionReason.WRONG_PARTITION);
        assertThat(letter.partition()).isEqualTo(wrong);
        assertThat(letter.value()).isEqualTo(event(1, "7"));
        assertThat(letter.appendTimeMs()).isGreaterThan(0);
    }

    @Test
    void whatGathersWhileTheOwnerIsBusyComesAsOneBoundedGroup() throws Exception {
        owner.hold();
        submit(0, 200);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.groups().size() == topic.partitions());
        submit(200, 2_000);
        owner.letGo();
        await().atMost(PATIENCE).until(() -> owner.events() == 2_000);
        drain(source);

        assertThat(owner.groups().size()).isLessThan(200);
    }

    @Test
    void partitionsShareWhatANodeMayGather() throws Exception {
        kafka = settings(Map.of("outrider.kafka.consumer.max-gathered-events", 5 * topic.partitions()));
        submit(0, 2_000);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 2_000);
        drain(source);

        assertThat(owner.groups())
                .allSatisfy(group -> assertThat(group.events()).hasSizeLessThanOrEqualTo(5));
    }

    @Test
    void theGroupOffsetFollowsTheDurableOffset() throws Exception {
        submit(0, 300);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 300);
        awaitCommitted(300);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.logEnds().values().stream()
                                .mapToLong(end -> end)
                                .sum())
                        .as("the partitions' ends")
                        .isEqualTo(300));
        drain(source);
    }

    @Test
    void invalidEventsAreReportedAndNotAppended() throws Exception {
        byte[] onlyAnId = bytes("{\"transaction_id\":\"7\"}");
        List<Outcome> outcomes = intake.submit(List.of(event(1, "a"), onlyAnId, bytes("nonsense"), event(2, "b")))
                .toCompletableFuture()
                .get();

        assertThat(outcomes).hasSize(4);
        assertThat(outcomes.get(0).rejection()).isNull();
        assertThat(outcomes.get(0).transactionId()).isEqualTo("1");
        assertThat(reason(outcomes.get(1))).isEqualTo(RejectionReason.MISSING_FIELD);
        assertThat(outcomes.get(1).transactionId()).isEqualTo("7");
        assertThat(reason(outcomes.get(2))).isEqualTo(RejectionReason.NOT_JSON);
        assertThat(outcomes.get(3).index()).isEqualTo(3);
        long total = 0;
        for (int p = 0; p < topic.partitions(); p++) {
            total += topics.endOffset(topic.name(), p);
        }
        assertThat(total).isEqualTo(2);
    }

    private static RejectionReason reason(Outcome outcome) {
        return Objects.requireNonNull(outcome.rejection()).reason();
    }

    private static void isInOrder(EventGroup group) {
        assertThat(group.events()).extracting(LoggedEvent::offset).isSorted();
        assertThat(group.nextOffset()).isPositive();
    }
}
