package io.outrider.ingestion.capture;

import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.SessionLoop;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Writes the topics transactions, alerts and labels to the lake as Capture files, on a thread of its own, until stopped.
 * Several of them, on several nodes, share the partitions. Thread-safe.
 */
public final class CaptureWriter implements AutoCloseable {

    /** For writing what is open when stopping; what takes longer is written by whoever comes next. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final CaptureSettings settings;
    private final BlobStore lake;
    private final LiveMetrics metrics;
    private final Clock clock;
    private final SessionLoop sessions;

    public CaptureWriter(
            KafkaSettings kafka, CaptureSettings settings, BlobStore lake, LiveMetrics metrics, Clock clock) {
        this.kafka = kafka;
        this.settings = settings;
        this.lake = lake;
        this.metrics = metrics;
        this.clock = clock;
        this.sessions = new SessionLoop("capture", this::session, metrics.capturedEvents::sum, PATIENCE);
    }

    /** Starts it. Call once. */
    public void start() {
        sessions.start();
    }

    private void session(BooleanSupplier stopped) throws IOException {
        List<TopicInfo> captured = new ArrayList<>();
        try (Topics topics = new Topics(kafka)) {
            captured.add(topics.describe(kafka.topics().transactions()));
            captured.add(topics.describe(kafka.topics().alerts()));
            captured.add(topics.describe(kafka.topics().labels()));
        }
        try (CaptureSession session = new CaptureSession(kafka, captured, lake, settings, metrics, clock)) {
            session.run(stopped);
        }
    }

    /** Stops after writing what there is. */
    @Override
    public void close() {
        sessions.close();
    }
}
