package io.outrider.training.supervisor;

import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A job that waits, in its thread, to be told what to do next. */
final class ScriptedJob implements Job {

    /** What it is told. */
    interface Line {
        /** Null: wait for the next one. */
        @Nullable
        JobResult play(JobContext context) throws Exception;
    }

    final LinkedBlockingQueue<Line> script = new LinkedBlockingQueue<>();
    final List<String> begun = new CopyOnWriteArrayList<>();
    private final String kind;
    private final boolean resumable;

    ScriptedJob(String kind, boolean resumable) {
        this.kind = kind;
        this.resumable = resumable;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public boolean resumable() {
        return resumable;
    }

    @Override
    public void check(Map<String, String> parameters) throws RefusedException {
        String sed = parameters.get("sed");
        if (sed != null) {
            throw new RefusedException("sed", sed, "there is no such parameter");
        }
    }

    @Override
    public void lookUp(Map<String, String> parameters) throws RefusedException, IOException {
        String lake = parameters.get("lake");
        if ("away".equals(lake)) {
            throw new IOException("the lake is away");
        }
        if (lake != null) {
            throw new RefusedException("lake", lake, "there is no such lake");
        }
    }

    @Override
    public JobResult run(JobContext context) throws Exception {
        begun.add(context.runId() + " attempt " + context.attempt());
        JobResult result = null;
        while (result == null) {
            result = script.take().play(context);
        }
        return result;
    }

    void finish(String summary) {
        script.add(context -> JobResult.done(summary, Map.of()));
    }

    void fail(Exception failure) {
        script.add(context -> {
            throw failure;
        });
    }

    void progress(double fraction, String message) {
        script.add(context -> {
            context.progress(fraction, message, Map.of("rows", 7L));
            return null;
        });
    }
}
