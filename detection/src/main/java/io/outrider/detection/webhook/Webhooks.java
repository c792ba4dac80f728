package io.outrider.detection.webhook;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.batch.BatchTask;
import io.outrider.detection.protocol.SourceLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.pekko.actor.typed.ActorSystem;

/** All webhooks, sent by one node of the cluster at a time. */
public final class Webhooks {

    private Webhooks() {}

    /**
     * What they are built from. Every part is thread-safe.
     *
     * @param transactions name of the transactions topic, after which the alert store is named
     * @param kafka how Kafka clients connect
     * @param tracing where the spans of deliveries come from
     */
    public record Parts(
            BlobStore lake,
            String transactions,
            SourceLog alerts,
            Map<String, Object> kafka,
            LiveMetrics metrics,
            Tracing tracing,
            Clock clock) {

        private Consumer<byte[], byte[]> consumer() {
            Map<String, Object> consumer = new HashMap<>(kafka);
            consumer.merge("client.id", "webhooks", (prefix, suffix) -> prefix + "-" + suffix);
            consumer.put("enable.auto.commit", false);
            consumer.put("auto.offset.reset", "none");
            consumer.put("max.poll.records", 50);
            return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
    }

    /** Lets this node take its part, where there are endpoints. Call on every node, with the same endpoints. */
    public static void join(ActorSystem<?> system, String role, WebhookSettings settings, Parts parts) {
        if (!settings.endpoints().isEmpty()) {
            BatchTask.singleton(system, role, "webhooks", () -> start(settings, parts));
        }
    }

    private static AutoCloseable start(WebhookSettings settings, Parts parts) {
        List<WebhookStream> streams = new ArrayList<>();
        for (WebhookSettings.Endpoint endpoint : settings.endpoints()) {
            streams.add(new WebhookStream(
                    parts::consumer,
                    parts.alerts(),
                    new WebhookStream.Store(parts.lake(), parts.transactions()),
                    settings,
                    endpoint,
                    new WebhookCall(
                            endpoint,
                            "/outrider/" + parts.transactions(),
                            settings.timeout(),
                            parts.clock(),
                            parts.tracing()),
                    parts.metrics()));
        }
        return () -> {
            streams.forEach(WebhookStream::stop); // all at once; then each is waited for
            streams.forEach(WebhookStream::close);
        };
    }
}
