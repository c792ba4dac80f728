package io.outrider.ingestion.rekey;

import io.outrider.core.event.TransactionDecoder;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the re-keying stage until stopped: sessions of {@link ReKeySession}, each from joining the group to a failure or
 * the stop. Any failure (a broker away, an append refused) ends the session like a crash, and the next one finds out
 * what has been copied. Thread-safe.
 */
public final class ReKeyer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReKeyer.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Counters since the start; they only grow. */
    public record Counters(LongAdder copied, LongAdder deadLetters, LongAdder alreadyCopied) {
        Counters() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    private final KafkaSettings kafka;
    private final ReKeySettings settings;
    private final EventReading reading;
    private final Counters counters = new Counters();
    private final Thread thread;
    private final Object lock = new Object();
    private boolean stopped;

    public ReKeyer(KafkaSettings kafka, ReKeySettings settings, EventReading reading) {
        this.kafka = kafka;
        this.settings = settings;
        this.reading = reading;
        this.thread = new Thread(this::run, "rekey");
        this.thread.setDaemon(true);
    }

    /** Starts the stage on its own thread. Call once. */
    public void start() {
        thread.start();
    }

    public Counters counters() {
        return counters;
    }

    private void run() {
        Duration first = Duration.ofMillis(200);
        Duration pause = first;
        while (!isStopped()) {
            long before = counters.copied().sum();
            try (ReKeySession session = open()) {
                session.run(this::isStopped);
            } catch (IOException | RuntimeException e) {
                pause = counters.copied().sum() > before ? first : pause;
                LOG.warn("Re-keying failed and starts again in {} ms", pause.toMillis(), e);
                sleep(pause);
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
            }
        }
    }

    private ReKeySession open() throws IOException {
        try (Topics topics = new Topics(kafka)) {
            TopicInfo ingress = topics.describe(kafka.topics().ingress());
            TopicInfo transactions = topics.describe(kafka.topics().transactions());
            TopicInfo deadLetters = topics.describe(kafka.topics().deadLetters());
            return new ReKeySession(
                    kafka,
                    settings,
                    new Copies(ingress, transactions, deadLetters, new TransactionDecoder(reading.schema()), reading),
                    counters);
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    private void sleep(Duration pause) {
        synchronized (lock) {
            long deadline = System.nanoTime() + pause.toNanos();
            try {
                while (!stopped && System.nanoTime() < deadline) {
                    lock.wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                }
            } catch (InterruptedException e) {
                stopped = true;
            }
        }
    }

    /** Stops after committing what has been copied; when that takes over 2 s, without: then it is like a crash. */
    @Override
    public void close() {
        synchronized (lock) {
            stopped = true;
            lock.notifyAll();
        }
        try {
            thread.join(PATIENCE.toMillis());
            thread.interrupt();
            thread.join(PATIENCE.toMillis() / 2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
