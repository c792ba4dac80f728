package io.outrider.detection;

import io.outrider.detection.entity.BlockingThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of detection that may wait for the lake, which no actor's thread may. Once closed they drop what comes:
 * whoever wanted more has drained before.
 */
final class DetectionPools implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DetectionPools.class);

    private static final int QUESTION_THREADS = 2;

    /** A look is one short read; the second thread is for when the first waits for a lake that has just come back. */
    private static final int LEASE_THREADS = 2;

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final List<ExecutorService> all = new ArrayList<>();
    private final BlockingThreads blocking;
    private final ExecutorService questions;
    private final ExecutorService timed;

    DetectionPools(DetectionSettings settings) {
        this.blocking = new BlockingThreads(
                pool(LEASE_THREADS, "outrider-leases"),
                pool(settings.blockingThreads(), "outrider-checkpoints"),
                pool(settings.loadThreads(), "outrider-loads"),
                pool(1, "outrider-plan-builds"));
        this.questions = pool(QUESTION_THREADS, "outrider-rollout-questions");
        this.timed = pool(1, "outrider-detection-timed");
    }

    /** For what partitions read and write. */
    BlockingThreads blocking() {
        return blocking;
    }

    /** For whoever asks over HTTP, whom no checkpoint is to wait for. */
    ExecutorService questions() {
        return questions;
    }

    /** One thread, for what is done from time to time. */
    ExecutorService timed() {
        return timed;
    }

    private ExecutorService pool(int threads, String name) {
        ExecutorService pool = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        all.add(pool);
        return pool;
    }

    /** Takes no more. What it has is still done, and waited for shortly; what is not done then, goes on beside what follows. */
    @Override
    public void close() {
        all.forEach(ExecutorService::shutdown);
        long patienceEnds = System.nanoTime() + CLOSING.toNanos();
        try {
            for (ExecutorService pool : all) {
                if (!pool.awaitTermination(patienceEnds - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    LOG.info("A write is still under way; the next owner of its partition fences it");
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
