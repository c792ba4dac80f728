package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

class PlacedConsumerTest {

    private static final TopicPartition PLACED = new TopicPartition("transactions", 0);
    private static final Map<String, Object> NOWHERE = Map.of(
            "bootstrap.servers", "127.0.0.1:1",
            "key.deserializer", ByteArrayDeserializer.class,
            "value.deserializer", ByteArrayDeserializer.class);

    private static final TopicPartition WAITING = new TopicPartition("transactions", 1);

    @Test
    void whatIsNotPlacedStaysPausedThoughTheConnectorWantsIt() {
        try (PlacedConsumer consumer = new PlacedConsumer(NOWHERE)) {
            List<TopicPartition> both = List.of(PLACED, WAITING);
            consumer.assign(both);
            consumer.pause(both);
            both.forEach(consumer::placeAnywhere);
            consumer.place(PLACED, 17);
            consumer.poll(Duration.ZERO);

            consumer.resume(both);

            assertThat(consumer.paused()).containsExactly(WAITING);
        }
    }

    @Test
    void nothingWaitsForAConsumerThatIsClosed() {
        PlacedConsumer consumer = new PlacedConsumer(NOWHERE);
        CompletionStage<Done> before = consumer.place(PLACED, 17);
        assertThat(before.toCompletableFuture()).isNotDone();

        consumer.close();

        assertThat(before.toCompletableFuture()).isCompletedExceptionally();
        assertThat(consumer.place(PLACED, 17).toCompletableFuture()).isCompletedExceptionally();
    }
}
