package io.outrider.app.bench;

import com.typesafe.config.Config;
import io.outrider.app.node.OutriderNode;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.AlertFeed;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Sends events at a steady rate and takes the time until their alerts are on the node's live feed, that is, acknowledged
 * by the broker and read back. An event's time counts from when it was due, whether or not the sender was late.
 */
final class LatencyBench {

    private static final int ACCOUNTS = 1_000;
    private static final long BACKLOG_EVENTS = 50_000;
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration LAST_ALERTS = Duration.ofSeconds(2);

    private final Request request;
    private final Consumer<String> progress;

    /**
     * What to run.
     *
     * @param rate events a second
     * @param seconds how long it is measured, after a warm-up
     * @param anomalous share of the events that raise an alert, 0 to 1
     */
    record Request(int rate, int seconds, double anomalous, long seed) {}

    LatencyBench(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    /** Microseconds from due to alert. */
    Histogram run() throws IOException {
        progress.accept("fitting a model and starting a broker");
        try (BenchWorld world = BenchWorld.create()) {
            AccountDraw accounts = AccountDraw.of("uniform", ACCOUNTS);
            Config config = world.config("latency", Map.of());
            KafkaSettings kafka = KafkaSettings.from(config);
            TopicInfo topic = world.topics(kafka);
            Instant start = Instant.now();
            world.send(new BenchTraffic(
                    request.seed(), accounts, BACKLOG_EVENTS, start.minus(BenchWorld.HISTORY), BenchWorld.HISTORY));
            try (OutriderNode node = world.node("latency", config);
                    Producer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producerProperties())) {
                awaitBacklog(node);
                progress.accept(String.format("sending %,d events a second", request.rate()));
                Arrivals arrivals = new Arrivals();
                node.alerts().stream(null).subscribe(arrivals);
                Duration whole = WARM_UP.plusSeconds(request.seconds());
                long events = request.rate() * whole.toSeconds();
                // In event time it covers a month, so that accounts keep to their habits.
                BenchTraffic traffic = new BenchTraffic(
                        request.seed() + 1, accounts, events, start, BenchWorld.HISTORY, request.anomalous());
                long measuredFrom = request.rate() * WARM_UP.toSeconds();
                long begin = System.nanoTime();
                for (long sent = 0; sent < events; sent++) {
                    long due = begin + sent * TimeUnit.SECONDS.toNanos(1) / request.rate();
                    awaitUntil(due);
                    Transaction event = traffic.next();
                    if (sent >= measuredFrom) {
                        arrivals.dueNanos.put(event.transactionId(), due);
                    }
                    var unused = producer.send(world.record(topic, event));
                }
                LockSupport.parkNanos(LAST_ALERTS.toNanos());
                return arrivals.micros.copy();
            }
        }
    }

    private static void awaitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void awaitBacklog(OutriderNode node) {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (node.metrics().events.sum() < BACKLOG_EVENTS) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the backlog was not done within " + READY_LIMIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Takes the alerts off the feed. */
    private static final class Arrivals implements Flow.Subscriber<AlertFeed.Item> {

        final Map<String, Long> dueNanos = new ConcurrentHashMap<>();
        final ConcurrentHistogram micros = new ConcurrentHistogram(3_600_000_000L, 3);

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(AlertFeed.Item item) {
            Long due = dueNanos.remove(item.alert().transaction().transactionId());
            if (due != null) {
                micros.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, System.nanoTime() - due)));
            }
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException("the alert feed failed", failure);
        }

        @Override
        public void onComplete() {}
    }
}
