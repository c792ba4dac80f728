package io.outrider.spark.etl;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** What a task leaves open until it ends, well or not. */
final class TaskEnd {

    private TaskEnd() {}

    /** Closes it then. */
    static void close(TaskContext task, AutoCloseable open) {
        task.addTaskCompletionListener((TaskCompletionListener) ended -> {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
