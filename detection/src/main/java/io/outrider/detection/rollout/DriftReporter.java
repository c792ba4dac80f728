package io.outrider.detection.rollout;

import io.outrider.core.drift.DriftTally;
import io.outrider.lake.rollout.DriftFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what this node counts of the traffic to the lake, hour by hour. Used by one thread at a time. */
public final class DriftReporter {

    private static final Logger LOG = LoggerFactory.getLogger(DriftReporter.class);

    private final String node = UUID.randomUUID().toString();
    private final DriftFiles files;
    private final DriftTally tally;
    private final Clock clock;
    private long hour;
    private boolean failing;

    public DriftReporter(DriftFiles files, DriftTally tally, Clock clock) {
        this.files = files;
        this.tally = tally;
        this.clock = clock;
        this.hour = hour(clock);
    }

    static long hour(Clock clock) {
        return clock.millis() / Duration.ofHours(1).toMillis();
    }

    /** Publishes what there is of the current hour; with the first call of the next hour, the rest of it. */
    public void publish() {
        try {
            for (DriftTally.Counted counted : tally.counted()) {
                files.put(counted.modelVersion(), hour, node, counted.counts());
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.warn("What this node counts of the traffic cannot be published", e);
            }
            failing = true;
        }
        long now = hour(clock);
        // What could not be published stays, and is told later as the hour's in which it began.
        if (now != hour && !failing) {
            hour = now;
            tally.reset();
        }
    }
}
