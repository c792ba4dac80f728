package io.outrider.http.api;

import io.outrider.core.event.RejectionReason;
import io.outrider.core.telemetry.LiveMetrics;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The live path's counters once a second, and what follows from their differences: rates and recent latency. Keeps two
 * minutes, so that a page that has just been opened has something to draw. Thread-safe.
 */
public final class LiveSampler {

    private static final int KEPT = 120;

    /** Rates and percentiles are over this many samples: short enough to be "now", long enough not to flicker. */
    private static final int SPAN = 5;

    private final LiveMetrics metrics;
    private final Clock clock;
    private final Deque<Counters> counters = new ArrayDeque<>();
    private final Deque<Point> points = new ArrayDeque<>();

    /** Everything at one moment, since process start. */
    private record Counters(long atMs, long events, long alerts, Histogram decision, Histogram alert) {}

    /**
     * One point of the charts, over the few seconds that end at it.
     *
     * @param decision append to decided, null when nothing was
     */
    record Point(long atMs, double eventsPerSecond, double alertsPerMinute, Latency decision, Latency alert) {}

    /**
     * Percentiles in milliseconds.
     *
     * @param count observations they rest on; 0 means that they say nothing
     */
    record Latency(long count, long p50, long p95, long p99, long max) {
        static Latency of(Histogram histogram) {
            return new Latency(
                    histogram.getTotalCount(),
                    histogram.getValueAtPercentile(50),
                    histogram.getValueAtPercentile(95),
                    histogram.getValueAtPercentile(99),
                    histogram.getMaxValue());
        }
    }

    public LiveSampler(LiveMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    LiveMetrics metrics() {
        return metrics;
    }

    long nowMs() {
        return clock.millis();
    }

    /** Takes a sample; to be called once a second. */
    public synchronized void sample() {
        Counters now = new Counters(
                clock.millis(),
                metrics.events.sum(),
                metrics.alerts.sum(),
                metrics.decisionLatencyMs(),
                metrics.alertLatencyMs());
        Counters then = counters.peekFirst();
        counters.addLast(now);
        if (counters.size() > SPAN) {
            counters.removeFirst();
        }
        if (then != null && now.atMs > then.atMs) {
            points.addLast(between(then, now));
            if (points.size() > KEPT) {
                points.removeFirst();
            }
        }
    }

    /** The last two minutes, oldest first. */
    synchronized List<Point> points() {
        return new ArrayList<>(points);
    }

    long deadLetters() {
        long total = 0;
        for (RejectionReason reason : RejectionReason.values()) {
            total += metrics.deadLetters(reason).sum();
        }
        return total;
    }

    private static Point between(Counters then, Counters now) {
        double seconds = (now.atMs - then.atMs) / 1000.0;
        return new Point(
                now.atMs,
                (now.events - then.events) / seconds,
                (now.alerts - then.alerts) * 60 / seconds,
                Latency.of(difference(now.decision, then.decision)),
                Latency.of(difference(now.alert, then.alert)));
    }

    private static Histogram difference(Histogram now, Histogram then) {
        Histogram difference = now.copy();
        difference.subtract(then);
        return difference;
    }
}
