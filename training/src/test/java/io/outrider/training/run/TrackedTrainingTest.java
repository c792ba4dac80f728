package io.outrider.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.QualityGate;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training's run and MLflow's outbox tell of it, beside the model; no server is there to take it. */
class TrackedTrainingTest {

    private static final Config SMALL = ConfigFactory.parseString("""
            outrider.model.recipes.transactions.forest { trees = 20, sample-size = 128 }
            outrider.training.run { replicates = 40, label-delay = 1 hour, gate { min-rows = 100, min-frauds = 12 } }
            outrider.mlflow.tracking-uri = "http:/no-host"
            """).withFallback(ConfigFactory.load());

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private FolderBlobStore lake;
    private DatasetManifest dataset;

    @BeforeEach
    void publish() throws IOException {
        lake = new FolderBlobStore(folder);
        dataset = new MadeDataset(lake, disk)
                .publish(new MadeDataset.Shape(1_000, 3, false, false), new QualityGate.Verdict(true, List.of()));
    }

    @Test
    void whatCouldNotBeMeasuredStandsInTheRunsResultsAndInTheOutbox() throws Exception {
        Map<String, String> results = supervised().results();

        assertThat(results.get("testFrom")).startsWith("2026-03-05T");
        assertThat(results.get("notes")).contains("fitted without labels: ", "\nthe test slice has 0 frauds");
        List<JsonNode> outbox = outbox();
        assertThat(outbox).hasSize(1);
        JsonNode tags = outbox.get(0).path("tags");
        assertThat(tags.path("outrider.test_from").asText()).isEqualTo(results.get("testFrom"));
        assertThat(tags.path("outrider.notes").asText()).isEqualTo(results.get("notes"));
    }

    @Test
    void aTrainingThatFailsIsInTheOutboxWithTheReason() throws Exception {
        String damaged = dataset.files().get(0).name();
        lake.put(damaged, new byte[] {1, 2, 3});

        assertThatThrownBy(this::supervised).isInstanceOf(IOException.class).hasMessageContaining(damaged);

        assertThat(new ModelFiles(lake, "transactions").versions()).isEmpty();
        List<JsonNode> outbox = outbox();
        assertThat(outbox).hasSize(1);
        JsonNode failed = outbox.get(0);
        assertThat(failed.path("id").asText()).endsWith("-failed");
        assertThat(failed.path("modelVersion").asText()).isEmpty();
        assertThat(failed.path("tags").path("outrider.failed").asText()).contains(damaged);
        assertThat(failed.path("dataset").path("version").asInt()).isEqualTo(1);
    }

    @Test
    void aTrainingThatIsToStopHasNotFailed() throws Exception {
        Trainer trainer = new Trainer(lake, SMALL, new LiveMetrics(), Tracing.OFF, Clock.systemUTC());
        assertThatThrownBy(() -> trainer.train(dataset, Trainer.NONE, disk, Pace.FULL, (step, done) -> {
                    throw new JobContext.StoppedException();
                }))
                .isInstanceOf(JobContext.StoppedException.class);
        assertThat(outbox()).isEmpty();
    }

    private JobResult supervised() throws Exception {
        SupervisedTraining.Surroundings surroundings = new SupervisedTraining.Surroundings(
                lake, SMALL, dataset.dataset(), () -> Pace.FULL, new LiveMetrics(), Tracing.OFF, Clock.systemUTC());
        return new SupervisedTraining(surroundings, (work, acceptMissingRisk) -> {
                    throw new AssertionError("the version is there");
                })
                .run(new FirstAttempt(disk));
    }

    private List<JsonNode> outbox() throws IOException {
        List<JsonNode> runs = new ArrayList<>();
        for (BlobStore.Entry entry : lake.list("tracking/outbox/")) {
            runs.add(new ObjectMapper()
                    .readTree(lake.get(entry.name()).orElseThrow().content()));
        }
        return runs;
    }

    /** Of a run on the version that is there; nobody stops it. */
    private record FirstAttempt(Path disk) implements JobContext {

        @Override
        public String runId() {
            return "training-1";
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
            return Map.of("dataset-version", "1");
        }

        @Override
        public void progress(double fraction, String message, Map<String, Long> counters) {}

        @Override
        public void checkStopped() {}

        @Override
        public boolean goesOnElsewhere() {
            return false;
        }
    }
}
