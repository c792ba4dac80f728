package io.outrider.detection.rollout;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.LabelledTransactions;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.batch.BatchTask;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.rollout.RolloutFiles;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the {@link RolloutWatch} on one node of the cluster. */
public final class RolloutWatching {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutWatching.class);

    private RolloutWatching() {}

    /** What it works with. */
    public record Parts(
            BlobStore lake,
            FeaturePlan plan,
            LabelledTransactions labelled,
            Retraining retraining,
            Backtesting backtesting,
            LiveMetrics metrics,
            Clock clock) {}

    /** Lets this node take its part: the watch runs on one of those that have the role. Call on every node. */
    public static void join(ActorSystem<?> system, String role, RolloutSettings settings, Parts parts) {
        BatchTask.singleton(system, role, "rollout-watch", () -> start(settings, parts));
    }

    private static AutoCloseable start(RolloutSettings settings, Parts parts) {
        LabelledPrecision labels = new LabelledPrecision(
                parts.labelled(), new ModelFiles(parts.lake(), parts.plan().name()), parts.clock());
        RolloutDesk desk = new RolloutDesk(parts.lake(), parts.plan(), settings, labels, parts.clock());
        RolloutWatch watch = new RolloutWatch(desk, settings, parts.backtesting(), parts.metrics(), parts.clock());
        RolloutFiles files = new RolloutFiles(parts.lake(), parts.plan().name());
        DriftDesk drift = new DriftDesk(parts.lake(), parts.plan(), labels, parts.clock());
        DriftWatch drifting = new DriftWatch(
                () -> drift.hasReference() ? drift.report() : null,
                settings.drift(),
                parts.retraining(),
                parts.metrics());
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "outrider-rollout-watch");
            named.setDaemon(true);
            return named;
        });
        var unused = thread.scheduleWithFixedDelay(
                () -> attempt("look at the models in force", watch::look),
                settings.lookInterval().toMillis(),
                settings.lookInterval().toMillis(),
                TimeUnit.MILLISECONDS);
        var unusedToo = thread.scheduleWithFixedDelay(
                () -> {
                    attempt("test for drift", drifting::look);
                    attempt("delete old counts of the traffic", drift::clean);
                    attempt(
                            "delete old counts of models",
                            () -> files.deleteBefore(
                                    parts.clock().millis() - settings.keep().toMillis()));
                },
                settings.drift().lookInterval().toMillis(),
                settings.drift().lookInterval().toMillis(),
                TimeUnit.MILLISECONDS);
        return thread::shutdownNow;
    }

    /** What may fail because the lake is away. */
    private interface Step {
        void take() throws IOException;
    }

    /** A step that fails is taken again with the next turn; an exception would end the turns. */
    private static void attempt(String what, Step step) {
        try {
            step.take();
        } catch (IOException e) {
            LOG.warn("Could not {}: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("Could not {}", what, e);
        }
    }
}
