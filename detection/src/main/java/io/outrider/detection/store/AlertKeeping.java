package io.outrider.detection.store;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.LabelReading;
import io.outrider.core.port.BlobStore;
import io.outrider.detection.batch.BatchTask;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.alert.AlertFiles;
import io.outrider.lake.alert.StoreWriter;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.pekko.actor.typed.ActorSystem;

/** The alert store's writer, on one node of the cluster at a time. */
public final class AlertKeeping {

    private AlertKeeping() {}

    /**
     * What it is built from. Every part is thread-safe.
     *
     * @param transactions name of the transactions topic, after which the store is named
     * @param scored the topic of scored transactions, where that is published
     * @param reading how labels are understood
     * @param kafka how Kafka clients connect
     * @param erasures as they are known now
     */
    public record Parts(
            BlobStore lake,
            String transactions,
            SourceLog alerts,
            SourceLog labels,
            Optional<SourceLog> scored,
            LabelReading reading,
            Map<String, Object> kafka,
            Supplier<ErasureList> erasures,
            Clock clock) {

        Consumer<byte[], byte[]> consumer(String name) {
            Map<String, Object> consumer = new HashMap<>(kafka);
            consumer.merge("client.id", name, (prefix, suffix) -> prefix + "-" + suffix);
            consumer.put("enable.auto.commit", false);
            consumer.put("auto.offset.reset", "none");
            return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
    }

    /** Lets this node take its part: the writer runs on one of those that have the role. Call on every node. */
    public static void join(ActorSystem<?> system, String role, StoreSettings settings, Parts parts) {
        BatchTask.singleton(system, role, "alert-store", () -> start(settings, parts));
    }

    private static AutoCloseable start(StoreSettings settings, Parts parts) throws IOException {
        AlertFiles files = new AlertFiles(parts.lake(), parts.transactions(), settings.copiesBytes(), parts.erasures());
        StoreStream stream = new StoreStream(
                () -> parts.consumer("alert-store"),
                new StoreStream.Source() {
                    @Override
                    public StoreTopics topics() throws IOException {
                        return new StoreTopics(parts.alerts(), parts.labels(), parts.scored(), parts.reading());
                    }

                    @Override
                    public StoreWriter writer() throws IOException {
                        return new StoreWriter(files, parts.clock());
                    }
                },
                settings);
        return () -> {
            stream.close();
            files.close();
        };
    }
}
