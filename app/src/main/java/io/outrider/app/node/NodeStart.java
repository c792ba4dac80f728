package io.outrider.app.node;

import io.outrider.core.port.UnavailableException;
import io.outrider.lake.blob.FailureReason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a start that depends on others, on a thread of its own: what does not answer is tried again after a pause,
 * for as long as it takes.
 */
final class NodeStart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);

    private final Duration pause;
    private final Consumer<String> waitingFor;
    private final CompletableFuture<Done> taken = new CompletableFuture<>();
    private final CompletableFuture<Done> failure = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    /** The steps, each taken with {@link #until}. */
    interface Steps {
        void take(NodeStart start) throws IOException, InterruptedException;
    }

    /** One of them. */
    interface Step<T> {
        T take() throws IOException, InterruptedException;
    }

    /** @param waitingFor is told in one sentence what the start waits for */
    NodeStart(Duration pause, Consumer<String> waitingFor) {
        this.pause = pause;
        this.waitingFor = waitingFor;
    }

    void run(Steps steps) {
        Thread starter = new Thread(
                () -> {
                    try {
                        steps.take(this);
                        taken.complete(Done.getInstance());
                    } catch (InterruptedException e) {
                        LOG.debug("Stopped while starting", e);
                    } catch (Throwable e) { // an Error, too: untold, the node would wait for ever
                        fail(e);
                    }
                },
                "outrider-start");
        thread = starter;
        starter.start();
    }

    private void fail(Throwable reason) {
        if (reason instanceof Error) {
            LOG.error("The start failed", reason); // what else may come, whoever started the node says in its own words
        }
        waitingFor.accept("the start failed: " + FailureReason.of(reason));
        taken.completeExceptionally(reason);
        failure.completeExceptionally(reason);
    }

    /** Completes when all steps are taken; fails with what no waiting can mend. */
    CompletableFuture<Done> taken() {
        return taken;
    }

    /** Fails with what no waiting can mend; never completes otherwise. */
    CompletableFuture<Done> failure() {
        return failure;
    }

    /** Takes a step that may fail because something is away, until it succeeds. */
    <T> T until(String what, Step<T> step) throws InterruptedException {
        String said = "";
        waitingFor.accept("waiting for " + what);
        while (true) {
            try {
                return step.take();
            } catch (IOException | KafkaException | UnavailableException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                String reason = what + " cannot be used yet: " + FailureReason.of(e);
                waitingFor.accept(reason);
                if (!reason.equals(said)) {
                    LOG.warn("{}; trying again every {} ms", reason, pause.toMillis());
                    said = reason;
                }
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
    }

    @Override
    public void close() {
        Thread starter = thread;
        if (starter != null) {
            starter.interrupt();
            try {
                starter.join(pause.toMillis() + 5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
