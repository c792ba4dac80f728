package io.outrider.training.etl;

import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replays partitions in threads of this process, so many at once. The first failure ends them all. */
public final class ReplayThreads implements ReplayEngine {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayThreads.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final int parallelism;

    public ReplayThreads(int parallelism) {
        this.parallelism = parallelism;
    }

    @Override
    public List<PartitionResult> replay(List<PartitionUnit> units, Progress progress) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(parallelism);
        try {
            List<Future<PartitionResult>> futures = new ArrayList<>();
            for (PartitionUnit unit : units) {
                futures.add(threads.submit(() -> unit.replay()));
            }
            List<PartitionResult> results = new ArrayList<>();
            for (Future<PartitionResult> future : futures) {
                results.add(future.get());
                progress.at("replay", results.size() / (double) units.size());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("a replay failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while partitions were replayed");
        } finally {
            end(threads);
        }
    }

    /** Waits for those that still run, so that nothing of theirs is left on disk. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted(); // or there would be no waiting
        try {
            if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("A replay goes on after another one's failure; what it writes is not referenced");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
