package io.outrider.ingestion.rekey;

import io.outrider.core.event.TransactionDecoder;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.SessionLoop;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Runs the re-keying stage until stopped: sessions of {@link ReKeySession}, each from joining the group to a failure or
 * the stop. Any failure (a broker away, an append refused) ends the session like a crash, and the next one finds out
 * what has been copied. Thread-safe.
 */
public final class ReKeyer implements AutoCloseable {

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
    private final SessionLoop sessions;

    public ReKeyer(KafkaSettings kafka, ReKeySettings settings, EventReading reading) {
        this.kafka = kafka;
        this.settings = settings;
        this.reading = reading;
        this.sessions = new SessionLoop("rekey", this::session, counters.copied()::sum, PATIENCE);
    }

    /** Starts the stage on its own thread. Call once. */
    public void start() {
        sessions.start();
    }

    public Counters counters() {
        return counters;
    }

    private void session(BooleanSupplier stopped) throws IOException {
        try (ReKeySession session = open()) {
            session.run(stopped);
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

    /** Stops after committing what has been copied; when that takes over 2 s, without: then it is like a crash. */
    @Override
    public void close() {
        sessions.close();
    }
}
