package io.outrider.detection.webhook;

import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** A topic of alerts, a lake, a receiver on loopback, and streams that send from the one to the other. */
final class WebhookFixture {

    final List<ConsumerRecord<byte[], byte[]>> topic = new ArrayList<>();
    final LiveMetrics metrics = new LiveMetrics();
    final AtomicInteger saves = new AtomicInteger();
    final Queue<MockConsumer<byte[], byte[]>> opened = new ConcurrentLinkedQueue<>();
    final CollectedSpans spans = new CollectedSpans();
    final WebhookReceiver receiver = new WebhookReceiver();
    final FolderBlobStore lake;
    volatile int partitions = 1;
    volatile String generation = "g";
    private final List<AutoCloseable> open = new ArrayList<>();

    WebhookFixture(Path folder) throws IOException {
        lake = new FolderBlobStore(folder);
    }

    void close() throws Exception {
        receiver.letGo();
        for (AutoCloseable each : open) {
            each.close();
        }
        receiver.close();
    }

    String state() throws IOException {
        return lake.get("alerts/transactions/webhooks/cases.json")
                .map(blob -> new String(blob.content(), StandardCharsets.UTF_8))
                .orElse("");
    }

    String dead(String id) throws IOException {
        return new String(
                lake.get("alerts/transactions/webhooks/cases/dead/" + id + ".json")
                        .orElseThrow()
                        .content(),
                StandardCharsets.UTF_8);
    }

    /** Starts sending; returns when it knows where it begins. */
    WebhookStream start(Severity minSeverity, Duration quietPeriod) {
        WebhookSettings.Endpoint endpoint =
                new WebhookSettings.Endpoint("cases", receiver.url(), WebhookReceiver.SECRET, minSeverity, quietPeriod);
        WebhookSettings settings = new WebhookSettings(
                List.of(endpoint), 4, Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(500));
        WebhookStream stream = new WebhookStream(
                this::consumer,
                new AlertsTopic(),
                new WebhookStream.Store(new CountedLake(), "transactions"),
                settings,
                endpoint,
                new WebhookCall(
                        endpoint, "/outrider/transactions", settings.timeout(), Clock.systemUTC(), spans.tracing()),
                metrics);
        open.add(stream);
        await().until(() -> state().contains(generation + "/" + (partitions - 1)));
        return stream;
    }

    MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        List<PartitionInfo> all = new ArrayList<>();
        for (int number = 0; number < partitions; number++) {
            int each = number;
            TopicPartition partition = new TopicPartition("alerts", each);
            all.add(new PartitionInfo("alerts", each, Node.noNode(), new Node[0], new Node[0]));
            consumer.updateBeginningOffsets(Map.of(partition, 0L));
            long end =
                    topic.stream().filter(record -> record.partition() == each).count();
            consumer.updateEndOffsets(Map.of(partition, end));
        }
        consumer.updatePartitions("alerts", all);
        List<ConsumerRecord<byte[], byte[]>> now = List.copyOf(topic);
        consumer.schedulePollTask(() -> now.stream()
                .filter(record ->
                        record.offset() >= consumer.position(new TopicPartition("alerts", record.partition())))
                .forEach(consumer::addRecord));
        opened.add(consumer);
        return consumer;
    }

    void append(Alert alert) {
        topic.add(new ConsumerRecord<>("alerts", 0, topic.size(), new byte[0], AlertCodec.encode(alert)));
    }

    static Alert alert(long minute, String account, Severity severity) {
        LogPosition position = new LogPosition("g", 0, minute);
        return new Alert(
                position.alertId(),
                new Transaction(
                        "t" + minute, account, 900, 1_700_000_000_000L + minute * 60_000, null, null, null, null, null),
                0.99,
                0.9,
                severity,
                "m1",
                position.alertId(),
                60,
                List.of("amount 900 is far above the usual 60"),
                0.5,
                List.of(),
                null,
                new Receipt(position, new ContextRef("m1", 0), "plan", Map.of("amount", 900.0)));
    }

    /** The lake, with its conditional replacements counted. */
    private final class CountedLake implements BlobStore {

        @Override
        public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
            saves.incrementAndGet();
            return lake.putIfMatch(name, content, etag);
        }

        @Override
        public Optional<Blob> get(String name) throws IOException {
            return lake.get(name);
        }

        @Override
        public String put(String name, byte[] content) throws IOException {
            return lake.put(name, content);
        }

        @Override
        public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
            return lake.putIfAbsent(name, content);
        }

        @Override
        public void delete(String name) throws IOException {
            lake.delete(name);
        }

        @Override
        public List<Entry> list(String prefix) throws IOException {
            return lake.list(prefix);
        }
    }

    private final class AlertsTopic implements SourceLog {

        @Override
        public String topic() {
            return "alerts";
        }

        @Override
        public String generation() {
            return generation;
        }

        @Override
        public long startOffset(int partition) {
            return 0;
        }

        @Override
        public long endOffset(int partition) {
            throw new UnsupportedOperationException();
        }
    }
}
