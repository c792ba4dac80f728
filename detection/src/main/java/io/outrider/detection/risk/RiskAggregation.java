package io.outrider.detection.risk;

import io.outrider.core.event.LabelReading;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.alert.KafkaPublisher;
import io.outrider.detection.batch.BatchTask;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pekko.actor.typed.ActorSystem;

/** Merchant risk's aggregator, on one node of the cluster at a time. */
public final class RiskAggregation {

    private RiskAggregation() {}

    /**
     * What it is built from. Every part is thread-safe.
     *
     * @param transactions the transactions topic
     * @param partitions of the transactions topic
     * @param labels the labels topic
     * @param deadLetters where bad labels go
     * @param reading how labels are understood
     * @param kafka how Kafka clients connect
     */
    public record Parts(
            BlobStore lake,
            SourceLog transactions,
            int partitions,
            SourceLog labels,
            String deadLetters,
            LabelReading reading,
            Map<String, Object> kafka,
            LiveMetrics metrics,
            Clock clock) {}

    /** Lets this node take its part: the aggregator runs on one of those that have the role. Call on every node. */
    public static void join(ActorSystem<?> system, String role, RiskSettings settings, Parts parts) {
        BatchTask.singleton(system, role, "merchant-risk", () -> start(settings, parts));
    }

    /** Starts an aggregator; closing saves what it has taken. IOException if the topics cannot be described. */
    static AutoCloseable start(RiskSettings settings, Parts parts) throws IOException {
        String generation = parts.transactions().generation();
        AtomicReference<String> labels = new AtomicReference<>(parts.labels().generation());
        RiskFiles files = new RiskFiles(parts.lake(), parts.transactions().topic());
        Map<String, Object> producer = new HashMap<>(KafkaPublisher.producerProperties());
        producer.putAll(client(parts, "merchant-risk-letters"));
        KafkaPublisher publisher = new KafkaPublisher(
                new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer()),
                new KafkaPublisher.Topics(
                        "",
                        parts.deadLetters(),
                        "",
                        "/outrider/" + parts.labels().topic(),
                        labels::get),
                parts.metrics(),
                parts.clock());
        Map<String, Object> consumer = client(parts, "merchant-risk");
        consumer.put("enable.auto.commit", false);
        consumer.put("auto.offset.reset", "none");
        LabelStream stream = new LabelStream(
                () -> new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                () -> {
                    String now = parts.labels().generation(); // a topic made anew is another one
                    labels.set(now);
                    return new LabelStream.Opened(
                            new RiskAggregator(files, generation, parts.partitions(), settings), now);
                },
                new LabelStream.Source(parts.labels().topic(), parts.reading()),
                publisher,
                settings,
                parts.metrics());
        return () -> {
            stream.close();
            publisher.close();
        };
    }

    private static Map<String, Object> client(Parts parts, String name) {
        Map<String, Object> client = new HashMap<>(parts.kafka());
        client.merge("client.id", name, (prefix, suffix) -> prefix + "-" + suffix);
        return client;
    }
}
