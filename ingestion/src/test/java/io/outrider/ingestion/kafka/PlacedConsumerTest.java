package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    static List<Consumer<PlacedConsumer>> closings() {
        return List.of(
                PlacedConsumer::close,
                consumer -> consumer.close(Duration.ZERO),
                consumer -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
    }

    @ParameterizedTest
    @MethodSource("closings")
    void nothingWaitsForAConsumerThatIsClosed(Consumer<PlacedConsumer> closing) {
        PlacedConsumer consumer = new PlacedConsumer(NOWHERE);
        CompletionStage<Done> before = consumer.place(PLACED, 17);
        assertThat(before.toCompletableFuture()).isNotDone();

        closing.accept(consumer);

        assertThat(before.toCompletableFuture()).isCompletedExceptionally();
        assertThat(consumer.place(PLACED, 17).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void whoAsksWhatCannotBeDoneIsToldSo() {
        try (PlacedConsumer consumer = new PlacedConsumer(NOWHERE)) {
            CompletionStage<Done> asked = consumer.betweenPolls(answer -> {
                throw new IllegalStateException("fenced");
            });
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).hasMessage("fenced");
            assertThat(asked.toCompletableFuture()).isCompletedExceptionally();
        }
    }
}
