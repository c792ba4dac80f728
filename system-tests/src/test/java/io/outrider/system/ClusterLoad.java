package io.outrider.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Transactions of a few hundred accounts at a steady rate, each also written to a file, the input as SQL reads it. */
final class ClusterLoad implements AutoCloseable {

    private static final String HEADER = "transaction_id,user_id,amount,timestamp,merchant_id\n";
    private static final int ACCOUNTS = 300;
    private static final int OUTLIER_EVERY = 97;
    private static final int BURST = 20;

    /** Event time runs faster than the clock, so that an account's habit is a few events a day, before and under load. */
    private static final Instant BEGIN = Instant.parse("2024-02-01T00:00:00Z");

    private static final Duration STEP = Duration.ofSeconds(144);

    private final Path file;
    private final double eventsPerSecond;
    private final KafkaProducer<String, byte[]> producer;
    private final Thread thread = new Thread(this::run, "load");
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;
    private volatile long sent;

    ClusterLoad(String bootstrap, Path file, double eventsPerSecond) {
        this.file = file;
        this.eventsPerSecond = eventsPerSecond;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        600_000),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** The month before of the same accounts' habits, for the first model. */
    static Path history(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        int events = ACCOUNTS * 60;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER);
            for (int i = 0; i < events; i++) {
                out.write(row(i, random, BEGIN.minus(STEP.multipliedBy(events - i)), "h"));
            }
        }
        return file;
    }

    void start() {
        thread.start();
    }

    /** How many events were sent so far. */
    long sent() {
        return sent;
    }

    /** Stops; returns when all that was sent is acknowledged. */
    void stop() throws Exception {
        stopped = true;
        thread.join();
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    private void run() {
        SplittableRandom random = new SplittableRandom(11);
        long start = System.nanoTime();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HEADER);
            int number = 0;
            while (!stopped) {
                for (int i = 0; i < BURST; i++) {
                    String row = row(number, random, BEGIN.plus(STEP.multipliedBy(number)), "t");
                    out.write(row);
                    send(row);
                    sent = ++number;
                }
                long due = start + (long) (number / eventsPerSecond * 1e9);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(String row) {
        String[] cells = row.strip().split(",", -1);
        String json = String.format(
                "{\"transaction_id\":\"%s\",\"user_id\":\"%s\",\"amount\":%s,\"timestamp\":\"%s\",\"merchant_id\":\"%s\"}",
                (Object[]) cells);
        var unused = producer.send(
                new ProducerRecord<>("transactions", cells[1], json.getBytes(UTF_8)), (metadata, failed) -> {
                    if (failed != null) {
                        failure.compareAndSet(null, failed);
                    }
                });
    }

    /** Now and then an amount that the account has never seen the like of. */
    private static String row(int number, SplittableRandom random, Instant at, String prefix) {
        int account = random.nextInt(ACCOUNTS);
        double usual = 20 + account % 50;
        double amount = usual * (0.7 + 0.6 * random.nextDouble());
        if (number % OUTLIER_EVERY == OUTLIER_EVERY - 1) {
            amount *= 10 + random.nextInt(30);
        }
        return String.format(
                Locale.ROOT,
                "%s-%d,account-%03d,%.2f,%s,merchant-%d%n",
                prefix,
                number,
                account,
                amount,
                at,
                random.nextInt(40));
    }

    @Override
    public void close() {
        stopped = true;
        producer.close(Duration.ofSeconds(5));
    }
}
