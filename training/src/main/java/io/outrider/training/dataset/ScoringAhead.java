package io.outrider.training.dataset;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Scores batches of rows in threads of its own, or none, while its caller reads the next ones, and hands the rows over in the
 * caller's thread, in the order they came. Scoring is most of the work where trees are many; the scores are those of one thread.
 * Memory: a few batches a thread. For one thread.
 */
final class ScoringAhead implements AutoCloseable {

    private static final int BATCHES_A_THREAD = 4;

    private final DatasetRows.Scoring scoring;
    private final DatasetRows.ScoredConsumer consumer;
    private final @Nullable ExecutorService threads;
    private final int most;
    private final Deque<Pending> pending = new ArrayDeque<>();

    private record Pending(DatasetRow rows, Future<double[][]> scores) {}

    /** @param threads 0 for the caller's alone */
    ScoringAhead(DatasetRows.Scoring scoring, int threads, DatasetRows.ScoredConsumer consumer) {
        this.scoring = scoring;
        this.consumer = consumer;
        this.threads = threads == 0 ? null : Executors.newFixedThreadPool(threads);
        this.most = BATCHES_A_THREAD * threads;
    }

    /** Takes a batch; hands over older ones where too many are waiting. */
    void add(DatasetRow rows) throws IOException {
        FutureTask<double[][]> scores = new FutureTask<>(() -> scoring.score(rows.vectors()));
        (threads == null ? (Executor) Runnable::run : threads).execute(scores);
        pending.add(new Pending(rows, scores));
        while (pending.size() > most) {
            handOver(pending.remove());
        }
    }

    /** Hands over all that are left. */
    void finish() throws IOException {
        while (!pending.isEmpty()) {
            handOver(pending.remove());
        }
    }

    private void handOver(Pending batch) throws IOException {
        double[][] scores = scores(batch);
        for (int i = 0; i < scores.length; i++) {
            batch.rows().goTo(i);
            consumer.take(batch.rows(), scores[i]);
        }
    }

    private static double[][] scores(Pending batch) throws InterruptedIOException {
        try {
            return batch.scores().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("rows cannot be scored: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while rows were scored");
        }
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
