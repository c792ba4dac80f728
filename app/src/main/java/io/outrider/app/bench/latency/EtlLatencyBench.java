package io.outrider.app.bench.latency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.bench.world.AccountDraw;
import io.outrider.app.bench.world.BenchTraffic;
import io.outrider.app.bench.world.BenchWorld;
import io.outrider.app.bench.world.Folders;
import io.outrider.app.command.ApiClient;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Sends events at a steady rate to an {@code outrider local} and takes the time until their alerts are back, in stretches
 * without batch runs and in stretches in which one run follows the other, by turns. Each run of ETL makes its dataset from
 * the whole log, since the bench removes what the one before has made; each training begins with the ETL of what is new.
 */
final class EtlLatencyBench {

    private static final int ACCOUNTS = 1_000;
    private static final Pattern ROWS = Pattern.compile("([0-9,]+) rows more");
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration LAST_ALERTS = Duration.ofSeconds(2);

    private final Request request;
    private final Consumer<String> progress;
    private final Histogram without = AlertArrivals.histogram();
    private final Histogram with = AlertArrivals.histogram();
    private final Histogram ignored = AlertArrivals.histogram();
    private volatile Histogram current = ignored;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean ended;
    private int runs;
    private long runNanos;
    private long rows;

    /**
     * What to run.
     *
     * @param kind of the runs, {@code etl} or {@code training}
     * @param rate events a second
     * @param warmUpSeconds before anything is measured; there are runs in its second half
     * @param seconds of each stretch
     * @param rounds of a stretch without runs and one with them
     * @param anomalous share of the events that raise an alert, 0 to 1
     */
    record Request(String kind, int rate, int warmUpSeconds, int seconds, int rounds, double anomalous, long seed) {

        String path() {
            return "/api/v1/" + kind + "/runs";
        }

        int wholeSeconds() {
            return warmUpSeconds + 2 * rounds * seconds;
        }
    }

    /**
     * What was measured, in microseconds from due to alert.
     *
     * @param with of events that were due while a run was at work
     * @param runs in the stretches that count
     * @param runSeconds that they took together
     * @param rows that they made together, if they are of ETL
     */
    record Result(Histogram without, Histogram with, int runs, double runSeconds, long rows) {}

    EtlLatencyBench(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    Result run() throws IOException {
        Path folder = Files.createTempDirectory("outrider-bench");
        try {
            measure(folder);
        } catch (IOException | RuntimeException e) {
            progress.accept("what it left is in " + folder + ", with the log of outrider local");
            throw e;
        }
        Folders.delete(folder);
        return new Result(without.copy(), with.copy(), runs, runNanos / 1e9, rows);
    }

    private void measure(Path folder) throws IOException {
        progress.accept("starting outrider local");
        Map<String, String> environment =
                Map.of("OUTRIDER_SUPERVISOR_ETL_CRON", "", "OUTRIDER_CAPTURE_TIME_WINDOW", "5 s");
        try (LocalProcess local = LocalProcess.start(folder, environment)) {
            KafkaSettings kafka = kafka(local);
            try (AlertArrivals arrivals = new AlertArrivals(kafka);
                    Producer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producerProperties())) {
                TopicInfo topic = topic(kafka);
                Thread sender = new Thread(() -> sendAll(producer, topic, arrivals), "sender");
                sender.start();
                try {
                    stretches(local.api(), folder.resolve("data/lake/processed-transactions"));
                } finally {
                    ended = true;
                    join(sender);
                }
                producer.flush();
                LockSupport.parkNanos(LAST_ALERTS.toNanos());
                check();
                arrivals.check();
            }
        }
    }

    /** Figures without all their events would be of something else. */
    private void check() {
        Exception why = failure.get();
        if (why != null) {
            throw new IllegalStateException("events could not be sent: " + why, why);
        }
    }

    private static KafkaSettings kafka(LocalProcess local) {
        Config config = ConfigFactory.parseMap(Map.of("outrider.kafka.bootstrap-servers", local.bootstrapServers()))
                .withFallback(ConfigFactory.parseMap(KafkaSettings.NO_EVENT_HUBS))
                .withFallback(ConfigFactory.load())
                .resolve();
        return KafkaSettings.from(config);
    }

    private static TopicInfo topic(KafkaSettings kafka) {
        try (Topics topics = new Topics(kafka)) {
            return topics.describe(kafka.topics().transactions());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Thread sender) {
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendAll(Producer<byte[], byte[]> producer, TopicInfo topic, AlertArrivals arrivals) {
        try {
            send(producer, topic, arrivals);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void send(Producer<byte[], byte[]> producer, TopicInfo topic, AlertArrivals arrivals) {
        FeaturePlan plan = FeaturePlan.named("transactions");
        TransactionEncoder encoder = new TransactionEncoder(plan.schema());
        AccountRecords records = new AccountRecords(topic, AccountPartitioner.named("murmur2"));
        long events = (long) request.rate() * (request.wholeSeconds() + 600);
        // In event time it covers some weeks, so that accounts keep to their habits.
        BenchTraffic traffic = new BenchTraffic(
                request.seed(),
                AccountDraw.of("uniform", ACCOUNTS),
                events,
                Instant.now(),
                BenchWorld.HISTORY,
                request.anomalous());
        long begin = System.nanoTime();
        for (long count = 0; count < events && !ended; count++) {
            long due = begin + count * TimeUnit.SECONDS.toNanos(1) / request.rate();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Transaction event = traffic.next();
            arrivals.expect(event.transactionId(), due, current);
            var unused = producer.send(records.of(event.account(), encoder.encode(event)), (sent, refused) -> {
                if (refused != null) {
                    failure.compareAndSet(null, refused);
                }
            });
        }
    }

    private void stretches(ApiClient api, Path datasets) throws IOException {
        progress.accept(String.format("sending %,d events a second, to warm up", request.rate()));
        pause(request.warmUpSeconds() / 2);
        batch(api, datasets, request.warmUpSeconds() / 2, ignored);
        runs = 0;
        runNanos = 0;
        rows = 0;
        for (int round = 1; round <= request.rounds(); round++) {
            progress.accept("round " + round + " of " + request.rounds());
            current = without;
            pause(request.seconds());
            current = ignored;
            batch(api, datasets, request.seconds(), with);
        }
    }

    private void pause(int seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        check();
    }

    /** One run after the other, until the time is over and the last one is. */
    private void batch(ApiClient api, Path datasets, int seconds, Histogram micros) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < until) {
            if (request.kind().equals("etl") && Files.isDirectory(datasets)) {
                Folders.delete(datasets);
            }
            String id = api.post(request.path(), JsonNodeFactory.instance.objectNode(), "bench-" + System.nanoTime())
                    .required("id")
                    .asText();
            long begun = System.nanoTime();
            current = micros;
            JsonNode run = await(api, id);
            current = ignored;
            check();
            runs++;
            runNanos += System.nanoTime() - begun;
            if (!run.required("state").asText().equals("succeeded")) {
                throw new IllegalStateException("a run did not succeed: " + run);
            }
            Matcher made = ROWS.matcher(run.required("summary").asText());
            rows += made.find() ? Long.parseLong(made.group(1).replace(",", "")) : 0;
        }
    }

    private JsonNode await(ApiClient api, String id) {
        JsonNode run = api.get(request.path() + "/" + id);
        while (run.required("state").asText().matches("queued|running")) {
            LockSupport.parkNanos(LOOK_NANOS);
            run = api.get(request.path() + "/" + id);
        }
        return run;
    }
}
