package io.outrider.app.bench.latency;

import com.typesafe.config.Config;
import io.outrider.app.bench.world.AccountDraw;
import io.outrider.app.bench.world.BenchTraffic;
import io.outrider.app.bench.world.BenchWorld;
import io.outrider.app.node.OutriderNode;
import io.outrider.core.port.AlertFeed;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Sends events at a steady rate and takes the time until their alerts are on the node's live feed, that is, acknowledged
 * by the broker and read back. An event's time counts from when it was due, whether or not the sender was late.
 */
final class LatencyBench {

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
    record Request(int accounts, int rate, int seconds, double anomalous, long seed) {}

    LatencyBench(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    /** Microseconds from due to alert. */
    Histogram run() throws IOException {
        progress.accept("fitting a model and starting a broker");
        try (BenchWorld world = BenchWorld.create()) {
            AccountDraw accounts = AccountDraw.of("uniform", request.accounts());
            Config config = world.kafka().config("latency", Map.of());
            KafkaSettings kafka = KafkaSettings.from(config);
            TopicInfo topic = world.kafka().topics(kafka);
            Instant start = Instant.now();
            world.kafka()
                    .send(new BenchTraffic(
                            request.seed(),
                            accounts,
                            BACKLOG_EVENTS,
                            start.minus(BenchWorld.HISTORY),
                            BenchWorld.HISTORY));
            try (OutriderNode node = world.node("latency", config);
                    Producer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producerProperties())) {
                awaitBacklog(node);
                progress.accept(String.format("sending %,d events a second", request.rate()));
                Duration whole = WARM_UP.plusSeconds(request.seconds());
                long events = request.rate() * whole.toSeconds();
                // In event time it covers a month, so that accounts keep to their habits.
                BenchTraffic traffic = new BenchTraffic(
                        request.seed() + 1, accounts, events, start, BenchWorld.HISTORY, request.anomalous());
                Arrivals arrivals = new Arrivals(traffic, request.rate(), System.nanoTime());
                node.alerts().stream(null).subscribe(arrivals);
                for (long number = 1; number <= events; number++) {
                    awaitUntil(arrivals.due(number));
                    var unused = producer.send(
                            world.kafka().record(topic, traffic.next()), (done, failure) -> arrivals.failed(failure));
                }
                LockSupport.parkNanos(LAST_ALERTS.toNanos());
                return arrivals.result();
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

    /**
     * Takes the alerts off the feed. When an event was due follows from its number: a table of a million ids would be
     * garbage that the collector of the measured process has to move.
     */
    private static final class Arrivals implements Flow.Subscriber<AlertFeed.Item> {

        private final BenchTraffic traffic;
        private final int rate;
        private final long beginNanos;
        private final ConcurrentHistogram micros = new ConcurrentHistogram(3_600_000_000L, 3);
        private volatile @Nullable Throwable failure;

        Arrivals(BenchTraffic traffic, int rate, long beginNanos) {
            this.traffic = traffic;
            this.rate = rate;
            this.beginNanos = beginNanos;
        }

        /** When the event with a number, from 1, was to be sent. */
        long due(long number) {
            return beginNanos + (number - 1) * TimeUnit.SECONDS.toNanos(1) / rate;
        }

        void failed(@Nullable Throwable cause) {
            if (cause != null) {
                failure = cause;
            }
        }

        Histogram result() throws IOException {
            if (failure != null) {
                throw new IOException("not all could be sent and read back: " + failure.getMessage(), failure);
            }
            return micros.copy();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(AlertFeed.Item item) {
            long number = traffic.numberOf(item.alert().transaction().transactionId());
            if (number > rate * WARM_UP.toSeconds()) {
                micros.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, System.nanoTime() - due(number))));
            }
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
        }

        @Override
        public void onComplete() {}
    }
}
