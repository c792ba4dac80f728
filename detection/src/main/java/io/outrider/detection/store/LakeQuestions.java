package io.outrider.detection.store;

import io.outrider.core.port.UnavailableException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Answers questions that read the lake, which blocks, on a few threads; refuses what would wait behind too many. Thread-safe. */
final class LakeQuestions implements AutoCloseable {

    private final ExecutorService executor;

    LakeQuestions(StoreSettings settings) {
        this.executor = new ThreadPoolExecutor(
                settings.threads(),
                settings.threads(),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(settings.waiting()),
                task -> {
                    Thread thread = new Thread(task, "outrider-alert-search");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Reads the lake; may be asked twice. */
    @FunctionalInterface
    interface Question<T> {
        T answer() throws IOException;
    }

    /** The answer; fails with {@link UnavailableException} where the lake cannot be read. */
    <T> CompletionStage<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    answer.complete(twice(question));
                } catch (IOException e) {
                    answer.completeExceptionally(
                            new UnavailableException("the alert store cannot be read: " + e.getMessage(), e));
                } catch (Exception e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new UnavailableException("too many questions about alerts at once", e));
        }
        return answer;
    }

    /** A file that is gone was merged since the manifest was read: with the one that is in force now it is another file. */
    static <T> T twice(Question<T> question) throws IOException {
        try {
            return question.answer();
        } catch (NoSuchFileException e) {
            return question.answer();
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
