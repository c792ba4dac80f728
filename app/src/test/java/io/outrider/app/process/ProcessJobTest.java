package io.outrider.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessJobTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> COMMAND = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TrialJobs.class.getName());

    @TempDir
    private Path folder;

    private final Attempt attempt = new Attempt();

    @Test
    void anAttemptIsMadeInAnotherProcess() throws Exception {
        JobResult result = job("works").run(attempt);

        assertThat(result).isEqualTo(JobResult.done("trial-1 made", Map.of("model", "m")));
        assertThat(attempt.message).isEqualTo("at work");
        assertThat(attempt.process)
                .isPositive()
                .isNotEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void failuresAreToldAsTheyAre() {
        assertThatThrownBy(() -> job("fails").run(attempt))
                .isInstanceOf(IOException.class)
                .hasMessage("the lake is away");
        assertThatThrownBy(() -> job("is-hopeless").run(attempt))
                .isInstanceOf(Job.HopelessException.class)
                .hasMessage("refused: too few rows");
    }

    @Test
    void anAttemptWhoseProcessEndsHasFailed() {
        assertThatThrownBy(() -> job("dies").run(attempt))
                .isInstanceOf(IOException.class)
                .hasMessage("its process ended with 9 in the midst of it");
    }

    @Test
    void anAttemptThatIsToStopLeavesNoProcess() throws Exception {
        AtomicReference<Exception> end = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                var unused = job("goes-on").run(attempt);
            } catch (Exception e) {
                end.set(e);
            }
        });
        thread.start();
        await().atMost(LIMIT).until(() -> attempt.process > 0);

        thread.interrupt();
        thread.join(LIMIT.toMillis());

        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        await().atMost(LIMIT)
                .until(() -> ProcessHandle.of(attempt.process)
                        .filter(ProcessHandle::isAlive)
                        .isEmpty());
    }

    private static ProcessJob job(String kind) {
        return new ProcessJob(
                new TrialJobs.Trial(kind),
                COMMAND,
                new ProcessOrder.Node("", "transactions", "murmur2", new TopicInfo("transactions", "", 4)));
    }

    private final class Attempt implements JobContext {

        private volatile String message = "";
        private volatile long process;

        @Override
        public String runId() {
            return "trial-1";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Instant requestedAt() {
            return Instant.EPOCH;
        }

        @Override
        public Map<String, String> parameters() {
            return Map.of("model", "m");
        }

        @Override
        public Path disk() {
            return folder;
        }

        @Override
        public void progress(double fraction, String step, Map<String, Long> counters) {
            message = step;
            process = counters.getOrDefault("process", 0L);
        }

        @Override
        public void checkStopped() {}

        @Override
        public boolean goesOnElsewhere() {
            return false;
        }
    }
}
