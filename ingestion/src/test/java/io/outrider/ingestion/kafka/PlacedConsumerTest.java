package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class PlacedConsumerTest {

    private static final TopicPartition PLACED = new TopicPartition("transactions", 0);
    private static final TopicPartition WAITING = new TopicPartition("transactions", 1);

    @Test
    void whatIsNotPlacedStaysPausedThoughTheConnectorWantsIt() {
        Map<String, Object> nowhere = Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "key.deserializer", ByteArrayDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class);
        try (PlacedConsumer consumer = new PlacedConsumer(nowhere)) {
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
}
