package io.outrider.app.process;

import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program of processes under test: an order's kind says what its job does. */
final class TrialJobs {

    private TrialJobs() {}

    public static void main(String[] args) throws IOException {
        AttemptServer.serve(System.in, System.out, order -> new Trial(order.kind()));
        System.exit(0);
    }

    /** Says which process it is, and then does what its kind says. */
    record Trial(String kind) implements Job {

        @Override
        public boolean resumable() {
            return true;
        }

        @Override
        public void check(Map<String, String> parameters) {}

        @Override
        public JobResult run(JobContext context) throws Exception {
            context.progress(
                    0.5, "at work", Map.of("process", ProcessHandle.current().pid()));
            switch (kind) {
                case "fails" -> throw new IOException("the lake is away");
                case "is-hopeless" -> throw new HopelessException("refused: too few rows");
                case "dies" -> Runtime.getRuntime().halt(9);
                case "goes-on" -> TimeUnit.MINUTES.sleep(5);
                default -> {
                    return JobResult.done(context.runId() + " made", Map.copyOf(context.parameters()));
                }
            }
            throw new IllegalStateException("not reached");
        }
    }
}
