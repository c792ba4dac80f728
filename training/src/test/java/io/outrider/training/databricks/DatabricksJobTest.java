package io.outrider.training.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabricksJobTest {

    private static final long JOB = 77;

    @TempDir
    private Path folder;

    private final FakeWorkspace workspace = new FakeWorkspace();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        workspace.close();
        thread.shutdownNow();
    }

    private DatabricksJob job(Duration requestLimit, Duration patience) throws IOException {
        return new DatabricksJob(
                new DatabricksSettings(
                        workspace.uri(), FakeWorkspace.TOKEN, JOB, Duration.ofMillis(5), requestLimit, patience),
                leases());
    }

    private DatasetLeases leases() throws IOException {
        return new DatasetLeases(new FolderBlobStore(folder), "c", Clock.systemUTC());
    }

    private DatabricksJob job() throws IOException {
        return job(Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    /** An attempt at run spark-etl-3. */
    private static final class Attempt implements JobContext {
        final int attempt;
        final List<String> messages = new CopyOnWriteArrayList<>();
        volatile boolean elsewhere;

        Attempt(int attempt) {
            this.attempt = attempt;
        }

        @Override
        public String runId() {
            return "spark-etl-3";
        }

        @Override
        public int attempt() {
            return attempt;
        }

        @Override
        public Instant requestedAt() {
            return Instant.ofEpochMilli(1_772_359_200_000L);
        }

        @Override
        public Map<String, String> parameters() {
            return Map.of("dataset", "transactions");
        }

        @Override
        public Path disk() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void progress(double fraction, String message, Map<String, Long> counters) {
            messages.add(message);
        }

        @Override
        public void checkStopped() {}

        @Override
        public boolean goesOnElsewhere() {
            return elsewhere;
        }
    }

    @Test
    void aRunIsTriggeredOnceAndFollowedToItsEnd() throws Exception {
        workspace.states("QUEUED", "PENDING", "RUNNING", "RUNNING", "TERMINATED SUCCESS");
        Attempt attempt = new Attempt(1);
        JobResult result = job().run(attempt);
        assertThat(result.results()).containsEntry("databricksRun", "1001").containsKey("page");
        assertThat(attempt.messages).contains("Databricks run 1001 is QUEUED", "Databricks run 1001 is RUNNING");
        assertThat(workspace.requests("run-now")).singleElement().satisfies(body -> {
            assertThat(body.get("job_id").asLong()).isEqualTo(JOB);
            assertThat(body.get("idempotency_token").asText())
                    .isEqualTo("outrider-spark-etl-3-1772359200000-1")
                    .hasSizeLessThanOrEqualTo(64);
            assertThat(body.at("/job_parameters/dataset").asText()).isEqualTo("transactions");
        });
    }

    @Test
    void anAttemptAfterALostOneFindsTheRunThatGoesOn() throws Exception {
        workspace.states("RUNNING", "TERMINATED SUCCESS");
        workspace.started("outrider-spark-etl-3-1772359200000-1");
        assertThat(job().run(new Attempt(2)).results()).containsEntry("databricksRun", "1001");
        assertThat(workspace.runs()).isEqualTo(1);
    }

    @Test
    void anAttemptAfterAFailedOneTriggersAnother() throws Exception {
        workspace.states("TERMINATED FAILED");
        assertThatThrownBy(() -> job().run(new Attempt(1)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Databricks run 1001 ended as TERMINATED FAILED: as told");
        workspace.states("TERMINATED SUCCESS");
        assertThat(job().run(new Attempt(2)).results()).containsEntry("databricksRun", "1002");
    }

    @Test
    void whatIsRefusedForNowIsAskedAgain() throws Exception {
        workspace.states("TERMINATED SUCCESS");
        workspace.failNext(429, 500, 503);
        job().run(new Attempt(1));
        assertThat(workspace.runs()).isEqualTo(1);
        assertThat(workspace.requests("run-now")).hasSize(4);
    }

    @Test
    void anAnswerThatNeverComesIsAskedForAgainUnderTheSameToken() throws Exception {
        workspace.states("TERMINATED SUCCESS");
        workspace.swallowNext(1);
        job(Duration.ofMillis(300), Duration.ofSeconds(10)).run(new Attempt(1));
        assertThat(workspace.runs()).isEqualTo(1);
        assertThat(workspace.requests("run-now"))
                .hasSize(2)
                .extracting(body -> body.get("idempotency_token").asText())
                .containsOnly("outrider-spark-etl-3-1772359200000-1");
    }

    @Test
    void patienceEnds() throws IOException {
        workspace.failNext(503, 503, 503, 503, 503, 503, 503, 503, 503, 503);
        assertThatThrownBy(
                        () -> job(Duration.ofSeconds(5), Duration.ofMillis(30)).run(new Attempt(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("Databricks answered 503: TOLD to fail");
    }

    @Test
    void whatAnotherAttemptCannotMendIsHopeless() throws IOException {
        DatabricksJob stranger = new DatabricksJob(
                new DatabricksSettings(
                        workspace.uri(),
                        "wrong",
                        JOB,
                        Duration.ofMillis(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)),
                leases());
        assertThatThrownBy(() -> stranger.run(new Attempt(1)))
                .isInstanceOf(Job.HopelessException.class)
                .hasMessageStartingWith("Databricks answered 403");
    }

    @Test
    void whoeverCannotBeReachedIsSaid() throws IOException {
        URI nobody = workspace.uri();
        workspace.close();
        DatabricksJob job = new DatabricksJob(
                new DatabricksSettings(
                        nobody, "t", JOB, Duration.ofMillis(5), Duration.ofSeconds(5), Duration.ofMillis(20)),
                leases());
        assertThatThrownBy(() -> job.run(new Attempt(1)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Databricks does not answer");
    }

    @Test
    void aCancelledRunIsCancelledThere() throws Exception {
        interrupt(false);
        assertThat(workspace.requests("cancel"))
                .singleElement()
                .satisfies(body -> assertThat(body.get("run_id").asLong()).isEqualTo(1001));
    }

    @Test
    void aRunThatGoesOnElsewhereIsLeftAlone() throws Exception {
        interrupt(true);
        assertThat(workspace.requests("cancel")).isEmpty();
        assertThatThrownBy(() -> leases().take(LeaseUse.SWEEP, "an erasure"))
                .as("until somebody follows it there")
                .isInstanceOf(DatasetLeases.HeldException.class);
    }

    @Test
    void nobodySweepsWhileARunIsFollowed() throws Exception {
        workspace.states("RUNNING");
        Attempt attempt = new Attempt(1);
        Future<JobResult> running = thread.submit(() -> job().run(attempt));
        await().until(() -> !attempt.messages.isEmpty());
        assertThatThrownBy(() -> leases().take(LeaseUse.SWEEP, "an erasure"))
                .isInstanceOf(DatasetLeases.HeldException.class)
                .hasMessageStartingWith("spark-etl-3 on Databricks has been at the datasets since");
        workspace.states("TERMINATED SUCCESS");
        running.get(30, TimeUnit.SECONDS);
        leases().take(LeaseUse.SWEEP, "an erasure").close();
    }

    private void interrupt(boolean elsewhere) throws Exception {
        workspace.states("RUNNING");
        Attempt attempt = new Attempt(1);
        attempt.elsewhere = elsewhere;
        Future<JobResult> running = thread.submit(() -> job().run(attempt));
        await().until(() -> !attempt.messages.isEmpty());
        thread.shutdownNow(); // interrupts
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(running::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }
}
