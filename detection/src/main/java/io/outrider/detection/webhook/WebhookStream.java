package io.outrider.detection.webhook;

import io.opentelemetry.context.Context;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.erasure.ErasureList;
import io.outrider.core.port.BlobStore;
import io.outrider.core.pseudonym.AccountHash;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.topic.TopicReader;
import io.outrider.lake.alert.UndeliveredAlerts;
import io.outrider.lake.erasure.ErasureFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint's alerts, in the topic's order, each until the receiver takes it, or until it is given up and becomes a dead letter in the
 * lake. Delivery: at least once; how far it is stands in the lake within a second and a hundred alerts, and at the end, so what a crash
 * repeats are the last of them. A new endpoint begins with the alerts that come from then on. A receiver that answers 410 is sent nothing more.
 *
 * <p>One thread of its own, which starts over when broker or lake fail it.
 */
final class WebhookStream implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookStream.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final int GONE = 410;

    /** Within how many alerts, and what time, it is saved how far the endpoint is: the state is far larger than an alert. */
    private static final int SAVE_ALERTS = 100;

    private static final long SAVE_NANOS = Duration.ofSeconds(1).toNanos();

    private final SourceLog topic;
    private final Store store;
    private final WebhookSettings settings;
    private final WebhookSettings.Endpoint endpoint;
    private final WebhookCall call;
    private final LiveMetrics metrics;
    private final TopicReader reader;

    private WebhookState state = new WebhookState(new AccountHash(new byte[AccountHash.MIN_KEY_BYTES])); // until loaded
    private Optional<String> etag = Optional.empty();
    private boolean isSaved = true;
    private int unsavedAlerts;
    private long saveDueNanos;

    /**
     * Where the endpoint's files are.
     *
     * @param transactions name of the transactions topic
     * @param undelivered takes what is given up
     * @param erasures what is not to be told any more, and under which hash accounts are kept
     */
    record Store(BlobStore lake, String transactions, UndeliveredAlerts undelivered, ErasureFiles erasures) {

        Store(BlobStore lake, String transactions) {
            this(lake, transactions, new UndeliveredAlerts(lake, transactions), new ErasureFiles(lake, transactions));
        }

        String state(WebhookSettings.Endpoint endpoint) {
            return "alerts/" + transactions + "/webhooks/" + endpoint.name() + ".json";
        }
    }

    /** Starts sending. */
    WebhookStream(
            Supplier<Consumer<byte[], byte[]>> consumers,
            SourceLog topic,
            Store store,
            WebhookSettings settings,
            WebhookSettings.Endpoint endpoint,
            WebhookCall call,
            LiveMetrics metrics) {
        this.topic = topic;
        this.store = store;
        this.settings = settings;
        this.endpoint = endpoint;
        this.call = call;
        this.metrics = metrics;
        this.reader = new TopicReader(
                "outrider-webhook-" + endpoint.name(), "Webhook " + endpoint, CLOSE_LIMIT, consumers, this::send);
        reader.start();
    }

    /** Has it end soon. */
    void stop() {
        reader.stop();
    }

    @Override
    public void close() {
        reader.close();
    }

    private void send(Consumer<byte[], byte[]> from) throws IOException, InterruptedException {
        load();
        String generation = topic.generation();
        seek(from, generation);
        saveDueNanos = System.nanoTime();
        try {
            sendAll(from, generation);
        } finally {
            if (!isSaved) {
                save();
            }
        }
    }

    private void sendAll(Consumer<byte[], byte[]> from, String generation) throws IOException, InterruptedException {
        while (reader.readsOn(from)) {
            for (ConsumerRecord<byte[], byte[]> record : from.poll(TopicReader.POLL)) {
                if (reader.isClosing()) {
                    return;
                }
                unsavedAlerts += take(record) ? 1 : 0;
                state.position(generation, record.partition(), record.offset() + 1);
                isSaved = false;
                saveIfDue();
            }
            saveIfDue();
        }
    }

    private void saveIfDue() throws IOException {
        if (!isSaved && (unsavedAlerts >= SAVE_ALERTS || System.nanoTime() - saveDueNanos >= 0)) {
            save();
        }
    }

    private void seek(Consumer<byte[], byte[]> from, String generation) throws IOException {
        List<TopicPartition> partitions = TopicReader.assign(from, List.of(topic.topic()));
        Map<TopicPartition, Long> ends = from.endOffsets(partitions);
        boolean isNew = state.isNew();
        for (TopicPartition partition : partitions) {
            if (state.position(generation, partition.partition()) < 0) {
                // Of an endpoint that is not new, the partition or the topic is: all of its alerts came since.
                state.position(generation, partition.partition(), isNew ? ends.getOrDefault(partition, 0L) : 0);
            }
        }
        TopicReader.seek(
                from,
                partitions,
                partition -> state.position(generation, partition.partition()),
                (partition, first, behind) -> LOG.error(
                        "Alerts of {} from {} to {} are no longer in the topic: webhook {} is told of none of them any more",
                        partition,
                        first,
                        behind,
                        endpoint));
        save();
    }

    /** Whether the receiver was told, or tried to be. */
    private boolean take(ConsumerRecord<byte[], byte[]> record) throws IOException, InterruptedException {
        Alert alert;
        try {
            alert = AlertCodec.decode(record.value());
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "{}-{} offset {} is no alert: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return false;
        }
        String account = alert.transaction().account();
        long timeMs = alert.transaction().eventTimeMs();
        boolean wanted = alert.severity().compareTo(endpoint.minSeverity()) >= 0
                && !state.isDone(alert.id())
                && !state.isQuiet(account, timeMs, endpoint.quietPeriod().toMillis())
                && !isErased(alert);
        if (wanted) {
            String failure = deliver(alert, trace(record));
            if (failure != null) {
                bury(alert, failure);
            } else {
                metrics.webhooks.increment();
                if (!endpoint.quietPeriod().isZero()) {
                    state.sent(account, timeMs);
                }
            }
            state.done(alert.id());
        }
        return wanted;
    }

    /** The trace in which the alert was raised. */
    private static Context trace(ConsumerRecord<byte[], byte[]> record) {
        return Tracing.incoming(name -> {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        });
    }

    private boolean isErased(Alert alert) throws IOException {
        ErasureList erased = store.erasures().list();
        return erased.coversTransaction(
                alert.transaction().account(), alert.receipt().position());
    }

    /** Null when it is taken; otherwise why it is given up. An end in the middle is a WakeupException. */
    private @Nullable String deliver(Alert alert, Context trace) throws IOException, InterruptedException {
        if (state.isGone(endpoint.url().toString())) {
            return "the receiver is gone (410)";
        }
        String failure = "";
        Duration pause = settings.firstPause();
        for (int attempt = 1; attempt <= settings.attempts(); attempt++) {
            try {
                int status = call.send(alert, trace, attempt - 1);
                if (status >= 200 && status < 300) {
                    return null;
                }
                if (status == GONE) {
                    LOG.error("Webhook {} answers that it is gone (410): it is sent nothing more", endpoint);
                    state.gone(endpoint.url().toString());
                    saveDueNanos = System.nanoTime();
                    return "the receiver is gone (410)";
                }
                failure = "status " + status;
            } catch (IOException e) {
                failure = e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            if (attempt < settings.attempts()) {
                metrics.webhookRetries.increment();
                saveIfDue(); // trying again may take long
                if (reader.awaitClosing(pause)) {
                    throw new WakeupException();
                }
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : doubled;
            }
        }
        return failure + ", " + settings.attempts() + " times";
    }

    private void bury(Alert alert, String reason) throws IOException {
        LOG.warn("Alert {} is not delivered to webhook {}: {}", alert.id(), endpoint, reason);
        metrics.webhookDeadLetters.increment();
        store.undelivered().put(endpoint.name(), alert, reason);
    }

    private void load() throws IOException {
        Optional<BlobStore.Blob> blob = store.lake().get(store.state(endpoint));
        etag = blob.map(BlobStore.Blob::etag);
        state = blob.isEmpty()
                ? new WebhookState(store.erasures().hash())
                : WebhookState.decode(blob.get().content(), store.erasures().hash());
        if (endpoint.quietPeriod().isZero()) {
            state.forgetSent();
        }
        isSaved = true;
        unsavedAlerts = 0;
    }

    private void save() throws IOException {
        String name = store.state(endpoint);
        Optional<String> saved = etag.isPresent()
                ? store.lake().putIfMatch(name, state.encode(), etag.get())
                : store.lake().putIfAbsent(name, state.encode());
        etag = Optional.of(saved.orElseThrow(() -> new IOException("somebody else sends for webhook " + endpoint)));
        isSaved = true;
        unsavedAlerts = 0;
        saveDueNanos = System.nanoTime() + SAVE_NANOS;
    }
}
