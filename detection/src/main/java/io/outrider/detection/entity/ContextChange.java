package io.outrider.detection.entity;

import io.outrider.core.model.ContextRef;
import io.outrider.detection.protocol.PartitionRun;
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
 * How a run comes from the context in force to the one that is wanted: at once, where the feature plan is the same, and otherwise
 * behind the states of the other plan ({@link PlanChange}). Belongs to the partition's actor.
 */
final class ContextChange {

    private static final Logger LOG = LoggerFactory.getLogger(ContextChange.class);

    private final int partition;
    private final Surroundings node;
    private final PartitionRun run;

    /** What the run's states are of. */
    private final String states;

    /** Another plan's states, as long as they are on their way. */
    private @Nullable PlanChange plan;

    /** Whether the run was asked for the barrier at which the plan changes. */
    private boolean changing;

    private boolean draining;

    ContextChange(int partition, Surroundings node, PartitionRun run, String states) {
        this.partition = partition;
        this.node = node;
        this.run = run;
        this.states = states;
    }

    /** Makes a barrier's checkpoint durable, on any thread. */
    @FunctionalInterface
    interface Writer {
        Outcome advance(PartitionCheckpoints checkpoints, Held from, Checkpoint checkpoint) throws IOException;
    }

    /** To one of another plan behind its states only, and until then to its merchant-risk table at least. */
    void to(ContextRef wanted, long nowMs) {
        String wantedStates;
        try {
            wantedStates = node.statesOf(wanted);
        } catch (IOException e) {
            LOG.warn("Partition {} cannot take up {}: its plan is not known", partition, wanted, e);
            return;
        }
        if (wantedStates.equals(states)) {
            end();
            run.changeContext(wanted, nowMs);
            return;
        }
        if (plan == null || !plan.takesUp(wanted)) {
            end();
            plan = new PlanChange(node, partition, wanted, wantedStates);
        }
        ContextRef next = changing ? wanted : new ContextRef(run.context().modelVersion(), wanted.riskVersion());
        run.changeContext(next, nowMs);
    }

    /** Keeps the other plan's states going, and asks for the barrier once they are close. */
    void follow(long nowMs) {
        PlanChange current = plan;
        boolean close = current != null && current.follow(run.durableOffset());
        if (current != null && close && !changing && !draining && run.mayChangeContext()) {
            changing = true;
            run.changeContext(current.to(), nowMs);
        }
    }

    /** The run is to drain: a last checkpoint with all of another plan's states may take longer than it may. */
    void last(long nowMs) {
        draining = true;
        if (changing) {
            changing = false;
            run.changeContext(run.context(), nowMs);
        }
    }

    /** Gives up what is on its way. */
    void end() {
        PlanChange current = plan;
        plan = null;
        changing = false;
        if (current != null) {
            current.close();
        }
    }

    /** Under the change that is on its way now. */
    Writer writer() {
        PlanChange current = plan;
        return (checkpoints, from, checkpoint) -> {
            String wanted = node.statesOf(checkpoint.context());
            if (wanted.equals(states)) {
                return checkpoints.advance(from, checkpoint);
            }
            if (current == null || !current.isTo(checkpoint.context())) {
                throw new UncheckedIOException(new IOException(
                        "another model is wanted than that of the barrier, whose feature plan is " + wanted));
            }
            return current.write(checkpoints, from, checkpoint);
        };
    }
}
