package io.outrider.detection;

import io.outrider.detection.alert.AlertIndex;
import io.outrider.detection.alert.KafkaPublisher;
import io.outrider.detection.alert.RecentAlerts;
import io.outrider.detection.entity.Publisher;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Alerts, scored transactions and dead letters on Kafka. Thread-safe. */
final class KafkaOutlet implements Outlet {

    private final KafkaPublisher publisher;
    private final AlertIndex alerts;

    KafkaOutlet(DetectionSettings settings, DetectionParts parts, Executor executor) throws IOException {
        String generation = parts.log().generation();
        Map<String, Object> producer = new HashMap<>(KafkaPublisher.producerProperties());
        producer.putAll(client(parts, "publisher"));
        this.publisher = new KafkaPublisher(
                new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer()),
                new KafkaPublisher.Topics(
                        parts.topics().alerts(),
                        parts.topics().deadLetters(),
                        parts.topics().scoredTransactions(),
                        "/outrider/" + parts.log().topic(),
                        () -> generation),
                parts.metrics(),
                parts.clock());
        Map<String, Object> consumer = client(parts, "alert-index");
        consumer.put("enable.auto.commit", false);
        consumer.put("auto.offset.reset", "none");
        this.alerts = new AlertIndex(
                () -> new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                parts.topics().alerts(),
                settings.recentAlerts(),
                executor);
    }

    /** How to connect; each client under an id of its own, so that the broker's logs and quotas can tell them apart. */
    private static Map<String, Object> client(DetectionParts parts, String name) {
        Map<String, Object> client = new HashMap<>(parts.kafka());
        client.merge("client.id", name, (prefix, suffix) -> prefix + "-" + suffix);
        return client;
    }

    @Override
    public Publisher publisher() {
        return publisher;
    }

    @Override
    public RecentAlerts alerts() {
        return alerts;
    }

    @Override
    public @Nullable String problem() {
        return alerts.isCaughtUp() ? publisher.problem() : "the recent alerts are still being read";
    }

    @Override
    public void close() {
        publisher.close();
        alerts.close();
    }
}
