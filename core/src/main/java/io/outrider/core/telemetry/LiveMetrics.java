package io.outrider.core.telemetry;

import io.outrider.core.alert.Severity;
import io.outrider.core.event.RejectionReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Counters of the live path. Updated per event or per group by whoever does the work, read at any time. Counters only
 * grow, from 0 at process start.
 */
public final class LiveMetrics {

    /** Events accepted and folded into an account. */
    public final LongAdder events = new LongAdder();

    /** Events later than their account's window: scored, but outside every window. */
    public final LongAdder lateEvents = new LongAdder();

    /** Alerts acknowledged by the broker. */
    public final LongAdder alerts = new LongAdder();

    /** Transactions that raised no alert and are marked for review. */
    public final LongAdder reviews = new LongAdder();

    /** Scored transactions acknowledged by the broker, where they are published. */
    public final LongAdder scoredTransactions = new LongAdder();

    /** Records skipped because this run had already seen their offset. */
    public final LongAdder skipped = new LongAdder();

    /** Runs started: 1 per claimed partition, more when something was lost. */
    public final LongAdder runs = new LongAdder();

    /** Runs that came to nothing because something was lost. */
    public final LongAdder lostRuns = new LongAdder();

    /** Decisions that threw: each costs its partition's run, and is tried again by the next. */
    public final LongAdder failedDecisions = new LongAdder();

    /** Models that the breaker rolled back, counted by the node that watches. */
    public final LongAdder rollbacks = new LongAdder();

    /** Challengers that were archived because the gate went on refusing them, counted by the node that watches. */
    public final LongAdder challengersGivenUp = new LongAdder();

    /** Hours in which the traffic was found to have drifted, counted by the node that watches. */
    public final LongAdder drifts = new LongAdder();

    /** Training runs that drift asked for and was given, counted by the node that watches. */
    public final LongAdder driftRuns = new LongAdder();

    /** Checkpoints made durable. */
    public final LongAdder checkpoints = new LongAdder();

    /** Partitions that went back to an earlier checkpoint because a file of the last one was damaged. */
    public final LongAdder setbacks = new LongAdder();

    /** Records written to the lake by this node's capture, where that is on. */
    public final LongAdder capturedEvents = new LongAdder();

    /** Capture files written. */
    public final LongAdder captureFiles = new LongAdder();

    /** Records that the topic no longer had when they were to be captured. */
    public final LongAdder captureLostEvents = new LongAdder();

    /** Labels taken by the node that makes merchant-risk tables; a correction counts, a repetition does not. */
    public final LongAdder labels = new LongAdder();

    /** Alerts that webhooks have taken. */
    public final LongAdder webhooks = new LongAdder();

    /** Attempts to send an alert to a webhook beyond the first. */
    public final LongAdder webhookRetries = new LongAdder();

    /** Alerts that a webhook did not take and that were given up. */
    public final LongAdder webhookDeadLetters = new LongAdder();

    /** Training runs that MLflow refused for good, and that were set aside. */
    public final LongAdder trackingRefused = new LongAdder();

    /** Merchant-risk tables published by this node. */
    public final LongAdder riskTables = new LongAdder();

    /** Batch runs, where this node has their supervisor. */
    public final BatchMetrics batch = new BatchMetrics();

    /** What retention deleted, where this node worked on it. */
    public final RetentionMetrics retention = new RetentionMetrics();

    /** Scores of all events; the bounds crowd where alerts begin, for an ordinary score is anywhere below. */
    public final Buckets scores = new Buckets(0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 1);

    /** Seconds that a checkpoint took, from its write's beginning until it was durable. */
    public final Buckets checkpointSeconds = new Buckets(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);

    /** Bytes of account states that checkpoints wrote. */
    public final LongAdder checkpointBytes = new LongAdder();

    private final Map<AlertKind, LongAdder> alertsByKind = new ConcurrentHashMap<>();
    private final Map<Integer, PartitionMetrics> partitions = new ConcurrentSkipListMap<>();
    private final Map<Integer, Long> undecided = new ConcurrentSkipListMap<>();
    private final Map<RejectionReason, LongAdder> deadLetters = new EnumMap<>(RejectionReason.class);

    /** Append time to alert acknowledged, in milliseconds, up to one hour; of records that came after the claim. */
    private final ConcurrentHistogram alertLatencyMs = new ConcurrentHistogram(3_600_000, 2);

    /** Append time to decided, in milliseconds, up to one hour; sampled once per group, the backlog of a claim left out. */
    private final ConcurrentHistogram decisionLatencyMs = new ConcurrentHistogram(3_600_000, 2);

    /** What alerts are counted by. */
    public record AlertKind(Severity severity, String modelVersion) {}

    public LiveMetrics() {
        for (RejectionReason reason : RejectionReason.values()) {
            deadLetters.put(reason, new LongAdder());
        }
    }

    /** Counts an alert that the broker has acknowledged. */
    public void alertAcknowledged(Severity severity, String modelVersion) {
        alerts.increment();
        alertsByKind
                .computeIfAbsent(new AlertKind(severity, modelVersion), kind -> new LongAdder())
                .increment();
    }

    /** Alerts acknowledged by the broker so far. */
    public Map<AlertKind, Long> alertsByKind() {
        Map<AlertKind, Long> counts = new HashMap<>();
        alertsByKind.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    /** A partition of this node, known from now on until it is {@linkplain #forget forgotten}. */
    public PartitionMetrics partition(int partition) {
        return partitions.computeIfAbsent(partition, ignored -> new PartitionMetrics());
    }

    /** This node runs the partition no more. */
    public void forget(int partition) {
        partitions.remove(partition);
    }

    /** The partitions that this node runs, by number. */
    public Map<Integer, PartitionMetrics> partitions() {
        return Collections.unmodifiableMap(partitions);
    }

    /**
     * What this node's last claim of a partition found.
     *
     * @param records that had left the log before anybody decided them; 0 for none
     */
    public void undecided(int partition, long records) {
        undecided.put(partition, records);
    }

    /** Records that had left the log before they were decided, by partition that this node has claimed, or tried to. */
    public Map<Integer, Long> undecided() {
        return Collections.unmodifiableMap(undecided);
    }

    /** Dead letters acknowledged by the broker, by reason. */
    public LongAdder deadLetters(RejectionReason reason) {
        return Objects.requireNonNull(deadLetters.get(reason));
    }

    public void recordAlertLatency(long ms) {
        alertLatencyMs.recordValue(clamp(ms));
    }

    public void recordDecisionLatency(long ms) {
        decisionLatencyMs.recordValue(clamp(ms));
    }

    /** A consistent copy. */
    public ConcurrentHistogram alertLatencyMs() {
        return alertLatencyMs.copy();
    }

    /** A consistent copy. */
    public ConcurrentHistogram decisionLatencyMs() {
        return decisionLatencyMs.copy();
    }

    private static long clamp(long ms) {
        return Math.max(0, Math.min(ms, 3_600_000));
    }
}
