package io.outrider.app.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node stops: the steps in the opposite order of their start, each within a limit, the actor system last. What is
 * added afterwards is stopped at once. Thread-safe.
 */
final class StopSteps implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StopSteps.class);

    private final ActorSystem<?> system;
    private final Duration limit;
    private final Deque<Step> steps = new ArrayDeque<>();
    private boolean closed;

    private record Step(String what, Supplier<CompletionStage<?>> stop) {}

    StopSteps(ActorSystem<?> system, Duration limit) {
        this.system = system;
        this.limit = limit;
        pushStage("actor system", () -> {
            system.terminate();
            return system.getWhenTerminated();
        });
    }

    void push(String what, Runnable stop) {
        pushStage(what, () -> {
            stop.run();
            return CompletableFuture.completedFuture(null);
        });
    }

    void pushStage(String what, Supplier<CompletionStage<?>> stop) {
        Step step = new Step(what, stop);
        synchronized (steps) {
            if (!closed) {
                steps.push(step);
                return;
            }
        }
        stop(step);
    }

    @Override
    public void close() {
        while (true) {
            Step step;
            synchronized (steps) {
                closed = true;
                if (steps.isEmpty()) {
                    return;
                }
                step = steps.pop();
            }
            stop(step);
        }
    }

    /** What runs on the actor system never answers once that has ended. */
    private void stop(Step step) {
        try {
            CompletableFuture<?> stopped = step.stop().get().toCompletableFuture();
            await(CompletableFuture.anyOf(stopped, system.getWhenTerminated().toCompletableFuture()), limit);
        } catch (RuntimeException e) {
            LOG.warn("Stopping the {} failed", step.what(), e);
        }
    }

    static <T> T await(CompletionStage<T> stage, Duration limit) {
        try {
            return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("took longer than " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
