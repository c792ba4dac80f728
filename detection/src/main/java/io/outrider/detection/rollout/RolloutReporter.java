package io.outrider.detection.rollout;

import io.outrider.core.model.ContextRef;
import io.outrider.core.rollout.NodeCounts;
import io.outrider.core.rollout.RolloutTally;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.lake.rollout.RolloutFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what this node counts of models to the lake, from time to time. Used by one thread at a time. */
public final class RolloutReporter {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutReporter.class);

    /** How long counts under a context that is in force no more are kept: its last events may still be on their way. */
    private static final Duration FORGET = Duration.ofMinutes(10);

    private final String node = UUID.randomUUID().toString();
    private final RolloutFiles files;
    private final RolloutTally tally;
    private final LiveMetrics metrics;
    private final RolloutSettings settings;
    private final Supplier<Set<ContextRef>> contexts;
    private final Clock clock;
    private final long startMs;

    private Set<ContextRef> seen;
    private long seenMs;
    private boolean failing;

    /** @param contexts what is in force on this node, or is to be; while partitions change, more than one */
    public RolloutReporter(
            RolloutFiles files,
            RolloutTally tally,
            LiveMetrics metrics,
            RolloutSettings settings,
            Supplier<Set<ContextRef>> contexts,
            Clock clock) {
        this.files = files;
        this.tally = tally;
        this.metrics = metrics;
        this.settings = settings;
        this.contexts = contexts;
        this.clock = clock;
        this.startMs = clock.millis();
        this.seen = inForce();
        this.seenMs = startMs;
    }

    /** Publishes; what fails is tried again the next time. */
    public void publish() {
        long now = clock.millis();
        Set<ContextRef> current = inForce();
        if (!current.equals(seen)) {
            seen = current;
            seenMs = now;
        } else if (now - seenMs > FORGET.toMillis()) {
            tally.forgetAllBut(current);
        }
        try {
            files.put(new NodeCounts(node, now, health(), tally.counts(startMs, now)));
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.warn("What this node counts of models cannot be published", e);
            }
            failing = true;
        }
    }

    private Set<ContextRef> inForce() {
        return contexts.get().stream().map(context -> context.withRisk(0)).collect(Collectors.toSet());
    }

    private NodeCounts.Health health() {
        Histogram latency = metrics.decisionLatencyMs();
        return new NodeCounts.Health(
                metrics.failedDecisions.sum(),
                latency.getTotalCount(),
                latency.getCountBetweenValues(settings.maxLatency().toMillis(), latency.getHighestTrackableValue()));
    }
}
