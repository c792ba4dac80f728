package io.outrider.detection.entity;

import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.PlanBuild;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's way to another feature plan: the new plan's states are built from the log behind the run, which goes on under its own plan;
 * once they are close behind, they become the checkpoint of the barrier that puts the new context in force. Whatever fails before
 * that is durable leaves the partition as it was. Belongs to the partition's actor, but for what runs on the node's other threads.
 */
final class PlanChange {

    private static final Logger LOG = LoggerFactory.getLogger(PlanChange.class);

    /** How many records the partition may have to wait for at the barrier. */
    private static final int CLOSE = 2_000;

    private final Surroundings node;
    private final int partition;
    private final String states;
    private final String model;
    private ContextRef to;

    private volatile @Nullable PlanBuild build;
    private volatile boolean busy;

    /** Whether that thread has come to this build; until then it is busy with others'. */
    private volatile boolean building;

    /** Whether the last attempt came to its end. */
    private volatile boolean caughtUp;

    private volatile boolean closed;
    private volatile long durableOffset;
    private volatile long againMs = Long.MIN_VALUE;

    /**
     * A change that is to come.
     *
     * @param states what the new states are of
     */
    PlanChange(Surroundings node, int partition, ContextRef to, String states) {
        this.node = node;
        this.partition = partition;
        this.to = to;
        this.states = states;
        this.model = to.modelVersion();
        LOG.info(
                "Partition {} builds the states of feature plan {} from its log, for model {}",
                partition,
                states,
                model);
    }

    /** What is to be in force. */
    ContextRef to() {
        return to;
    }

    /** Whether the change is to a context's model; for any thread. */
    boolean isTo(ContextRef context) {
        return context.modelVersion().equals(model);
    }

    /** Another merchant-risk table, say, is to come along; false if it is another model. */
    boolean takesUp(ContextRef other) {
        to = isTo(other) ? other : to;
        return isTo(other);
    }

    /** Keeps the build going behind the run; true once it is close enough for the barrier. */
    boolean follow(long durable) {
        durableOffset = durable;
        PlanBuild current = build;
        boolean behind = current == null || !caughtUp || current.nextOffset() < durable;
        if (!busy && behind && node.nowMs() >= againMs) {
            busy = true;
            node.threads().builds().execute(this::build);
        }
        return current != null && caughtUp && durable - current.nextOffset() <= CLOSE;
    }

    private void build() {
        building = true;
        try {
            PlanBuild current = open();
            while (current != null && !closed && current.nextOffset() < durableOffset) {
                current.advance(durableOffset);
            }
            caughtUp = true;
        } catch (IOException | RuntimeException e) {
            caughtUp = false;
            if (!closed) {
                LOG.warn(
                        "Partition {} cannot build the states of feature plan {} and stays under its own",
                        partition,
                        states,
                        e);
            }
            againMs = node.nowMs() + node.buildRetry().toMillis();
            if (e instanceof RuntimeException) {
                drop();
            }
        } finally {
            building = false;
            busy = false;
        }
    }

    private @Nullable PlanBuild open() throws IOException {
        PlanBuild known = build;
        if (known != null || closed) {
            return known;
        }
        // Features do not depend on the table, and by the time it is asked for again it may be gone.
        ContextRef under = new ContextRef(model, 0);
        PlanBuild opened = new PlanBuild(
                node.unseen().fold(partition, under),
                under,
                node.past(),
                partition,
                node.scratch().open());
        build = opened;
        if (closed) {
            drop();
        }
        return opened;
    }

    /**
     * Makes the barrier's checkpoint durable with the new states; may be repeated, as {@link PartitionCheckpoints#advance}.
     *
     * @throws UncheckedIOException if the last records cannot be folded: the run has stopped for them, and a new one goes on under
     *     its own plan
     */
    Outcome write(PartitionCheckpoints checkpoints, Held from, Checkpoint barrier) throws IOException {
        PlanBuild current = build;
        Checkpoint complete;
        try {
            if (current == null) {
                throw new IOException("the states of feature plan " + states + " are not built");
            }
            complete = current.checkpoint(barrier);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return checkpoints.changePlan(from, complete, states);
        } finally {
            current.written();
        }
    }

    /** Gives up what was built; on another thread, since it may be in use. */
    void close() {
        closed = true;
        PlanBuild current = build;
        if (current != null) {
            current.giveUp();
            // Not behind others' builds, where it is not being worked on: its files may be what fills the disk.
            (building ? node.threads().builds() : node.threads().checkpoints()).execute(this::drop);
        }
    }

    private void drop() {
        PlanBuild current = build;
        build = null;
        if (current != null) {
            current.close();
        }
    }
}
