package io.outrider.detection.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.erasure.ErasureFiles;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks against a receiver on loopback that refuses, does not answer, has gone, or takes what it is sent. */
class WebhookStreamTest {

    @TempDir
    Path folder;

    private final List<ConsumerRecord<byte[], byte[]>> topic = new ArrayList<>();
    private final LiveMetrics metrics = new LiveMetrics();
    private final AtomicInteger saves = new AtomicInteger();
    private final Queue<MockConsumer<byte[], byte[]>> opened = new ConcurrentLinkedQueue<>();
    private volatile int partitions = 1;
    private volatile String generation = "g";
    private final CollectedSpans spans = new CollectedSpans();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FolderBlobStore lake;
    private WebhookReceiver receiver;

    @BeforeEach
    void listen() throws IOException {
        lake = new FolderBlobStore(folder);
        receiver = new WebhookReceiver();
    }

    @AfterEach
    void close() throws Exception {
        receiver.letGo();
        for (AutoCloseable each : open) {
            each.close();
        }
        receiver.close();
    }

    @Test
    void anAlertIsSentSignedAndAgainUntilItIsTaken() throws Exception {
        receiver.answers.addAll(List.of(500, WebhookReceiver.HANG, 429, 204));
        start(Severity.LOW, Duration.ZERO).close(); // begins with what comes from now on
        append(alert(0, "a", Severity.HIGH));
        start(Severity.LOW, Duration.ZERO);

        await().until(() -> metrics.webhooks.sum() == 1);
        assertThat(receiver.received)
                .hasSize(4)
                .allMatch(event -> event.get("id").asText().equals("g-0-0"));
        assertThat(receiver.badSignatures).isEmpty();
        JsonNode event = receiver.received.get(3);
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("subject").asText()).isEqualTo("a");
        assertThat(AlertCodec.decode(event.get("data").toString().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(alert(0, "a", Severity.HIGH));
        assertThat(metrics.webhookRetries.sum()).isEqualTo(3);
    }

    @Test
    void aReceiverWhoseAnswerDoesNotEndHasNotAnsweredInTime() throws Exception {
        receiver.answers.addAll(List.of(WebhookReceiver.STALL, 204));
        start(Severity.LOW, Duration.ZERO).close();
        append(alert(0, "a", Severity.HIGH));
        start(Severity.LOW, Duration.ZERO);

        await().until(() -> metrics.webhooks.sum() == 1);
        assertThat(receiver.ids()).containsExactly("g-0-0", "g-0-0");
        assertThat(metrics.webhookRetries.sum()).isEqualTo(1);
        assertThat(spans.ended().get(0).getAttributes().get(AttributeKey.stringKey("error.type")))
                .contains("HttpTimeoutException");
    }

    @Test
    void eachTryIsASpanInTheAlertsTraceThatTellsNoPathAndTheReceiverIsToldOfIt() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String sending = "00f067aa0ba902b7";
        receiver.answers.addAll(List.of(503, 204));
        start(Severity.LOW, Duration.ZERO).close();
        append(alert(0, "a", Severity.HIGH));
        topic.get(0)
                .headers()
                .add(Tracing.TRACEPARENT, ("00-" + trace + "-" + sending + "-01").getBytes(StandardCharsets.UTF_8));
        start(Severity.LOW, Duration.ZERO);

        await().until(() -> metrics.webhooks.sum() == 1);
        int port = receiver.url().getPort();
        assertThat(spans.ended()).hasSize(2).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(trace);
            assertThat(span.getParentSpanId()).isEqualTo(sending);
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(span.getName()).isEqualTo("POST");
            assertThat(span.getAttributes().get(AttributeKey.stringKey("server.address")))
                    .isEqualTo("127.0.0.1");
            assertThat(span.getAttributes().get(AttributeKey.longKey("server.port")))
                    .isEqualTo(port);
            assertThat(span.getAttributes().asMap().toString())
                    .as("an address that is a secret")
                    .doesNotContain("/hook");
        });
        SpanData refused = spans.ended().get(0);
        assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(refused.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("503");
        SpanData taken = spans.ended().get(1);
        assertThat(taken.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(204);
        assertThat(taken.getAttributes().get(AttributeKey.longKey("http.request.resend_count")))
                .isEqualTo(1);
        assertThat(receiver.traced)
                .containsExactly(
                        "00-" + trace + "-" + refused.getSpanId() + "-01",
                        "00-" + trace + "-" + taken.getSpanId() + "-01");
    }

    @Test
    void whatIsSentIsNotSentAgainAfterARestartNorWhenTheTopicRepeatsIt() throws Exception {
        start(Severity.LOW, Duration.ZERO).close();
        append(alert(0, "a", Severity.HIGH));
        WebhookStream first = start(Severity.LOW, Duration.ZERO);
        await().until(() -> metrics.webhooks.sum() == 1 && state().contains("\"g/0\":1"));
        first.close();
        append(alert(0, "a", Severity.HIGH));
        append(alert(1, "a", Severity.HIGH));
        start(Severity.LOW, Duration.ZERO);

        await().until(() -> metrics.webhooks.sum() == 2);
        assertThat(receiver.ids()).containsExactly("g-0-0", "g-0-1");
    }

    @Test
    void alertsOfAPartitionThatWasAddedAndOfATopicThatWasMadeAnewAreSentFromTheFirst() throws Exception {
        start(Severity.LOW, Duration.ZERO).close();
        partitions = 2;
        topic.add(new ConsumerRecord<>("alerts", 1, 0, new byte[0], AlertCodec.encode(alert(1, "a", Severity.HIGH))));
        WebhookStream first = start(Severity.LOW, Duration.ZERO);
        await().until(() -> metrics.webhooks.sum() == 1);
        first.close();
        generation = "h";
        topic.clear();
        append(alert(2, "a", Severity.HIGH));
        start(Severity.LOW, Duration.ZERO);
        await().until(() -> metrics.webhooks.sum() == 2);
        assertThat(receiver.ids()).containsExactly("g-0-1", "g-0-2");
    }

    @Test
    void howFarItIsIsSavedOnceInAWhileAndAtTheEndAndNoAccountsAreKeptWithoutAQuietPeriod() throws Exception {
        start(Severity.LOW, Duration.ZERO).close();
        for (int minute = 0; minute < 250; minute++) {
            append(alert(minute, "a" + minute, Severity.HIGH));
        }
        saves.set(0);
        WebhookStream stream = start(Severity.LOW, Duration.ZERO);
        await().atMost(Duration.ofSeconds(60)).until(() -> metrics.webhooks.sum() == 250);
        stream.close();
        assertThat(saves.get()).isLessThan(100);
        assertThat(state()).contains("\"g/0\":250", "\"lastSentMs\":{}");
    }

    @Test
    void alertsOfAPartitionThatIsAddedWhileItRunsAreSent() throws Exception {
        start(Severity.LOW, Duration.ZERO);
        MockConsumer<byte[], byte[]> before = opened.element();
        topic.add(new ConsumerRecord<>("alerts", 1, 0, new byte[0], AlertCodec.encode(alert(1, "a", Severity.HIGH))));
        partitions = 2;
        before.updatePartitions("alerts", consumer().partitionsFor("alerts"));
        await().until(() -> metrics.webhooks.sum() == 1);
        assertThat(receiver.ids()).containsExactly("g-0-1");
    }

    @Test
    void onlyWhatIsGraveEnoughIsSentAndAnAccountOnceInItsQuietPeriod() throws Exception {
        start(Severity.HIGH, Duration.ofMinutes(10)).close();
        append(alert(0, "a", Severity.HIGH));
        append(alert(1, "a", Severity.CRITICAL)); // one minute later
        append(alert(2, "b", Severity.MEDIUM));
        append(alert(3, "b", Severity.HIGH));
        append(alert(20, "a", Severity.HIGH));
        start(Severity.HIGH, Duration.ofMinutes(10));

        await().until(() -> metrics.webhooks.sum() == 3);
        assertThat(receiver.ids()).containsExactly("g-0-0", "g-0-3", "g-0-20");
    }

    @Test
    void whatIsNeverTakenBecomesADeadLetterAndTheNextOneIsSent() throws Exception {
        receiver.answers.addAll(List.of(500, 500, 500, 500, 200));
        start(Severity.LOW, Duration.ZERO).close();
        append(alert(0, "a", Severity.HIGH));
        append(alert(1, "a", Severity.HIGH));
        start(Severity.LOW, Duration.ZERO);

        await().until(() -> metrics.webhooks.sum() == 1);
        assertThat(dead("g-0-0")).contains("status 500, 4 times");
        assertThat(metrics.webhookDeadLetters.sum()).isEqualTo(1);
    }

    @Test
    void aReceiverThatHasGoneIsSentNothingMoreEvenAfterARestart() throws Exception {
        receiver.answers.add(410);
        start(Severity.LOW, Duration.ZERO).close();
        append(alert(0, "a", Severity.HIGH));
        WebhookStream first = start(Severity.LOW, Duration.ZERO);
        await().until(() -> metrics.webhookDeadLetters.sum() == 1 && state().contains("\"g/0\":1"));
        first.close();
        append(alert(1, "a", Severity.HIGH));
        start(Severity.LOW, Duration.ZERO);

        await().until(() -> metrics.webhookDeadLetters.sum() == 2);
        assertThat(receiver.received).hasSize(1);
        assertThat(dead("g-0-1")).contains("gone (410)");
    }

    @Test
    void anErasedAccountsAlertsAreNeitherSentNorKeptAsDeadLettersNorNamedInTheState() throws Exception {
        ErasureFiles erasures = new ErasureFiles(lake, "transactions");
        start(Severity.LOW, Duration.ZERO).close();
        append(alert(0, "account-of-ann", Severity.HIGH));
        append(alert(1, "account-of-bob", Severity.HIGH));
        append(alert(2, "account-of-ann", Severity.HIGH));
        LogPosition behindTheFirst = new LogPosition("g", 0, 1);
        erasures.put(new ErasureRequest(
                "e", erasures.hash().of("account-of-ann"), "x", "", behindTheFirst, behindTheFirst, null));
        start(Severity.LOW, Duration.ofHours(1));

        await().until(() -> state().contains("\"g/0\":3"));
        assertThat(receiver.received)
                .extracting(event -> event.get("id").asText())
                .containsExactly("g-0-1", "g-0-2");
        assertThat(state())
                .doesNotContain("account-of")
                .contains(erasures.hash().of("account-of-bob"));
    }

    @Test
    void anAlertThatIsErasedWhileItIsTriedBecomesNoDeadLetter() throws Exception {
        ErasureFiles erasures = new ErasureFiles(lake, "transactions");
        receiver.answers.addAll(
                List.of(WebhookReceiver.HANG, WebhookReceiver.HANG, WebhookReceiver.HANG, WebhookReceiver.HANG));
        start(Severity.LOW, Duration.ZERO).close();
        append(alert(0, "a", Severity.HIGH));
        start(Severity.LOW, Duration.ZERO);
        await().until(() -> !receiver.received.isEmpty());
        LogPosition behind = new LogPosition("g", 0, 1);
        erasures.put(new ErasureRequest("e", erasures.hash().of("a"), "x", "", behind, behind, null));

        await().until(() -> metrics.webhookDeadLetters.sum() == 1 && state().contains("\"g/0\":1"));
        assertThat(lake.list("alerts/transactions/webhooks/cases/dead/")).isEmpty();
    }

    private String state() throws IOException {
        return lake.get("alerts/transactions/webhooks/cases.json")
                .map(blob -> new String(blob.content(), StandardCharsets.UTF_8))
                .orElse("");
    }

    private String dead(String id) throws IOException {
        return new String(
                lake.get("alerts/transactions/webhooks/cases/dead/" + id + ".json")
                        .orElseThrow()
                        .content(),
                StandardCharsets.UTF_8);
    }

    /** Starts sending; returns when it knows where it begins. */
    private WebhookStream start(Severity minSeverity, Duration quietPeriod) {
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

    private MockConsumer<byte[], byte[]> consumer() {
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

    private void append(Alert alert) {
        topic.add(new ConsumerRecord<>("alerts", 0, topic.size(), new byte[0], AlertCodec.encode(alert)));
    }

    private static Alert alert(long minute, String account, Severity severity) {
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
