package io.outrider.detection.alert;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.event.CutLetter;
import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.DeadLetterHeaders;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.EventTrace;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.entity.Publisher;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.ScoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes alerts and dead letters, each at least once. A record that the producer gives back is sent again until the
 * broker has it; how many wait is bounded by the partitions, which take no more events while too much is
 * unacknowledged.
 *
 * <p>Alerts are CloudEvents 1.0 in Kafka's binary mode, keyed by account. Dead letters keep their key and value, and
 * carry {@link DeadLetterHeaders}; of one too large for the broker, key and value are cut where they are large.
 *
 * <p>Thread-safe. A thread of its own does the sending, because the producer's {@code send} blocks when the broker is
 * away.
 */
public final class KafkaPublisher implements Publisher, AutoCloseable {

    /** CloudEvents type of an alert. */
    public static final String ALERT_TYPE = "io.outrider.alert.v1";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);

    /** Pause before a record that was given back is sent again; also how often the failure is logged. */
    private static final long RETRY_PAUSE_MS = 1_000;

    /** What the dead-letters topic takes: any record of the transactions topic, and the headers besides. */
    private static final int MAX_REQUEST_BYTES = 2 << 20;

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final LiveMetrics metrics;
    private final Clock clock;
    private final LinkedBlockingQueue<Outgoing> queue = new LinkedBlockingQueue<>();
    private final AtomicLong lastFailureMs = new AtomicLong();
    private final Thread sender;

    /** What the broker last refused of a topic that has taken nothing since. */
    private final Map<String, String> problems = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * Where records go.
     *
     * @param source CloudEvents source of the alerts, a URI reference
     * @param generation incarnation of the topic that dead letters come from, as it is now
     */
    public record Topics(
            String alerts, String deadLetters, String scoredTransactions, String source, Supplier<String> generation) {}

    private record Outgoing(ProducerRecord<byte[], byte[]> record, Runnable acknowledged) {}

    /** Starts sending. The producer is closed with this. */
    public KafkaPublisher(Producer<byte[], byte[]> producer, Topics topics, LiveMetrics metrics, Clock clock) {
        this.producer = producer;
        this.topics = topics;
        this.metrics = metrics;
        this.clock = clock;
        this.sender = new Thread(this::sendAll, "outrider-publisher");
        sender.setDaemon(true);
        sender.start();
    }

    /** Which topics the broker last refused a record of, and has taken none since; null when all is well. */
    public @Nullable String problem() {
        List<String> all = problems.values().stream().sorted().toList();
        return all.isEmpty() ? null : String.join("; ", all);
    }

    @Override
    public void publish(RaisedAlert raised, Runnable acknowledged) {
        ProducerRecord<byte[], byte[]> record = record(raised.alert());
        Span sending = sending(raised.trace(), record);
        queue.add(new Outgoing(record, () -> {
            metrics.alertAcknowledged(raised.alert().severity(), raised.alert().modelVersion());
            sending.end();
            acknowledged.run();
        }));
    }

    /** From the verdict until the broker's acknowledgement; whoever reads the alert can go on with the trace. */
    private Span sending(@Nullable EventTrace trace, ProducerRecord<byte[], byte[]> record) {
        if (trace == null) {
            return Span.getInvalid();
        }
        Span span = trace.begin("send " + record.topic(), SpanKind.PRODUCER);
        span.setAttribute("messaging.system", "kafka");
        span.setAttribute("messaging.operation.name", "send");
        span.setAttribute("messaging.operation.type", "send");
        span.setAttribute("messaging.destination.name", record.topic());
        Tracing.outgoing(span, (name, value) -> record.headers().add(name, utf8(value)));
        return span;
    }

    @Override
    public void publish(ScoredRecord scored, Runnable acknowledged) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.scoredTransactions(), utf8(scored.account()), scored.json());
        record.headers().add("content-type", utf8("application/json"));
        queue.add(new Outgoing(record, () -> {
            metrics.scoredTransactions.increment();
            acknowledged.run();
        }));
    }

    @Override
    public void publish(DeadLetter letter, Runnable acknowledged) {
        queue.add(new Outgoing(record(letter), () -> {
            metrics.deadLetters(letter.rejection().reason()).increment();
            acknowledged.run();
        }));
    }

    /** Stops; what is not acknowledged is lost to this process, and published again by the run that replays it. */
    @Override
    public void close() {
        closed = true;
        sender.interrupt();
        producer.close(java.time.Duration.ofSeconds(2));
    }

    private void sendAll() {
        while (!closed) {
            try {
                send(queue.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // The producer's future tells nothing that the callback does not.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(Outgoing outgoing) throws InterruptedException {
        try {
            producer.send(outgoing.record(), (metadata, failure) -> {
                if (failure == null) {
                    problems.remove(outgoing.record().topic());
                    outgoing.acknowledged().run();
                } else {
                    failed(outgoing, failure);
                }
            });
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw new InterruptedException();
        } catch (RuntimeException e) {
            failed(outgoing, e);
            TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE_MS);
        }
    }

    private void failed(Outgoing outgoing, Exception failure) {
        if (closed) {
            return;
        }
        if (failure instanceof RecordTooLargeException && isCuttable(outgoing.record())) {
            queue.add(new Outgoing(cut(outgoing.record()), outgoing.acknowledged()));
            return;
        }
        String topic = outgoing.record().topic();
        problems.put(topic, "topic " + topic + " does not take records: " + failure.getMessage());
        long now = clock.millis();
        long last = lastFailureMs.get();
        if (now - last >= RETRY_PAUSE_MS && lastFailureMs.compareAndSet(last, now)) {
            LOG.warn("A record for topic {} was not taken, sending it again", topic, failure);
        }
        java.util.concurrent.CompletableFuture.delayedExecutor(RETRY_PAUSE_MS, TimeUnit.MILLISECONDS)
                .execute(() -> queue.add(outgoing));
    }

    /** An alert that is cut is none; a dead letter still tells where the whole record lies. */
    private boolean isCuttable(ProducerRecord<byte[], byte[]> record) {
        return record.topic().equals(topics.deadLetters()) && CutLetter.helps(record.key(), record.value());
    }

    private static ProducerRecord<byte[], byte[]> cut(ProducerRecord<byte[], byte[]> record) {
        CutLetter left = CutLetter.of(record.key(), record.value());
        ProducerRecord<byte[], byte[]> cut =
                new ProducerRecord<>(record.topic(), null, left.key(), left.value(), record.headers());
        left.headers().forEach((name, value) -> cut.headers().add(name, utf8(value)));
        return cut;
    }

    private ProducerRecord<byte[], byte[]> record(Alert alert) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.alerts(), utf8(alert.transaction().account()), AlertCodec.encode(alert));
        Headers headers = record.headers();
        headers.add("ce_specversion", utf8("1.0"));
        headers.add("ce_id", utf8(alert.id()));
        headers.add("ce_type", utf8(ALERT_TYPE));
        headers.add("ce_source", utf8(topics.source()));
        headers.add(
                "ce_time",
                utf8(Instant.ofEpochMilli(alert.transaction().eventTimeMs()).toString()));
        headers.add("ce_subject", utf8(alert.transaction().account()));
        headers.add("content-type", utf8("application/json"));
        return record;
    }

    // Kafka's client takes a null key or value, its annotations say nothing of it.
    private ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.deadLetters(), letter.key(), letter.value());
        Headers headers = record.headers();
        headers.add(DeadLetterHeaders.REASON, utf8(letter.rejection().reason().wireName()));
        headers.add(DeadLetterHeaders.DETAIL, utf8(letter.rejection().detail()));
        headers.add(DeadLetterHeaders.SOURCE_TOPIC, utf8(letter.topic()));
        headers.add(
                DeadLetterHeaders.SOURCE_GENERATION, utf8(topics.generation().get()));
        headers.add(DeadLetterHeaders.SOURCE_PARTITION, utf8(Integer.toString(letter.partition())));
        headers.add(DeadLetterHeaders.SOURCE_OFFSET, utf8(Long.toString(letter.offset())));
        headers.add(DeadLetterHeaders.SOURCE_APPEND_TIME, utf8(Long.toString(letter.appendTimeMs())));
        return record;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the producer must be told besides how to connect: nothing is reordered or given up lightly. */
    public static Map<String, Object> producerProperties() {
        return Map.of(
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                0,
                "max.block.ms",
                5_000,
                "delivery.timeout.ms",
                120_000,
                "max.request.size",
                MAX_REQUEST_BYTES);
    }
}
