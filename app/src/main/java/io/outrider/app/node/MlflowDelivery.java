package io.outrider.app.node;

import io.outrider.core.port.BlobStore;
import io.outrider.detection.batch.BatchTask;
import io.outrider.training.mlflow.MlflowOutbox;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells MLflow from time to time, on one node of the cluster at a time, of the runs that it could not be told of when they ended. Those
 * younger than that time are left to the node that they ended on, which is telling of them.
 */
final class MlflowDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowDelivery.class);
    private static final Duration EVERY = Duration.ofMinutes(10);

    private MlflowDelivery() {}

    /** Lets this node take its part, where a server is named. Call on every node. */
    static void join(ActorSystem<?> system, NodeParts parts, BlobStore lake, BatchJobs.Observed observed) {
        MlflowOutbox.of(parts.config(), lake, observed.metrics(), observed.tracing())
                .ifPresent(outbox -> BatchTask.singleton(
                        system, Role.BATCH.wireName(), "mlflow-delivery", () -> start(outbox, EVERY, parts.clock())));
    }

    static AutoCloseable start(MlflowOutbox outbox, Duration every, Clock clock) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "outrider-mlflow-delivery");
            made.setDaemon(true);
            return made;
        });
        var unused = thread.scheduleWithFixedDelay(
                () -> deliver(outbox, clock.millis() - every.toMillis()),
                every.toMillis(),
                every.toMillis(),
                TimeUnit.MILLISECONDS);
        return thread::shutdownNow;
    }

    private static void deliver(MlflowOutbox outbox, long beforeMs) {
        try {
            outbox.deliverBefore(beforeMs);
        } catch (IOException | RuntimeException e) {
            LOG.warn("MLflow could not be told of what is in the outbox, trying again: {}", e.getMessage());
        }
    }
}
