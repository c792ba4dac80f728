package io.outrider.training.dataset;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an erasure: the sweep of what no version names, some files at a time, so that ETL which begins meanwhile waits for those
 * alone. Says who keeps it off, once for each, and louder once somebody has for a day. For one thread.
 */
final class UnnamedSweep {

    private static final Logger LOG = LoggerFactory.getLogger(UnnamedSweep.class);
    private static final Duration LONG = Duration.ofDays(1);

    private final DatasetLeases leases;
    private final UnnamedFiles unnamed;
    private final String topic;
    private final Clock clock;
    private @Nullable Instant keptOffSince;
    private String said = "";

    /** What is to hold when it begins, with the right to sweep. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /** What follows when nothing is left, still with the right to sweep. */
    @FunctionalInterface
    interface End {
        void come() throws IOException;
    }

    UnnamedSweep(DatasetLeases leases, UnnamedFiles unnamed, String topic, Clock clock) {
        this.leases = leases;
        this.unnamed = unnamed;
        this.topic = topic;
        this.clock = clock;
    }

    /**
     * Does it, if nobody is there who may come to name such files; whether it has come to its end.
     *
     * @param unchanged looked at before each batch: whether versions are as they were rewritten
     */
    boolean run(String holder, Condition unchanged, End end) throws IOException {
        try {
            while (true) {
                try (DatasetLease sweep = leases.take(LeaseUse.SWEEP, holder)) {
                    if (!unchanged.holds()) {
                        return false;
                    }
                    if (unnamed.delete(topic, sweep)) {
                        end.come();
                        keptOffSince = null;
                        return true;
                    }
                }
            }
        } catch (DatasetLeases.HeldException e) {
            keptOff(e);
            return false;
        }
    }

    private void keptOff(DatasetLeases.HeldException by) {
        Instant since = keptOffSince == null ? clock.instant() : keptOffSince;
        keptOffSince = since;
        boolean isLong = !clock.instant().isBefore(since.plus(LONG));
        String saying = isLong + by.holder();
        if (saying.equals(said)) {
            return;
        }
        said = saying;
        if (isLong) {
            LOG.warn(
                    "Erasures of topic {} are not done in all datasets since {}: always somebody is at work there, now {}",
                    topic,
                    since,
                    by.holder());
        } else {
            LOG.info("Erasures of topic {} wait for {}", topic, by.holder());
        }
    }
}
