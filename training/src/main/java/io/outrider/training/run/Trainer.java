package io.outrider.training.run;

import com.typesafe.config.Config;
import io.outrider.core.model.Lineage;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.dataset.StoredFile;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.fit.Progress;
import io.outrider.training.job.JobContext;
import io.outrider.training.mlflow.MlflowOutbox;
import io.outrider.training.mlflow.TrackedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains models on datasets of a lake, registers them there, and tells MLflow where one is named. What was trained is registered before
 * anybody is told; no failure to tell MLflow fails a run. Calls block.
 */
public final class Trainer {

    /** What {@code champion} takes for no comparison. */
    public static final String NONE = "none";

    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final BlobStore lake;
    private final Config config;
    private final Clock clock;
    private final Optional<MlflowOutbox> outbox;

    /**
     * What trains on a lake.
     *
     * @param config the whole configuration
     * @param metrics count what MLflow refuses
     * @param tracing where the spans of calls to MLflow come from
     */
    public Trainer(BlobStore lake, Config config, LiveMetrics metrics, Tracing tracing, Clock clock) {
        this.lake = lake;
        this.config = config;
        this.clock = clock;
        this.outbox = MlflowOutbox.of(config, lake, metrics, tracing);
    }

    /**
     * Trains and registers.
     *
     * @param champion version that the model must not be worse than; {@value #NONE} for none, empty for the champion in force
     * @param disk where temporary files may be made
     * @param pace of the work
     */
    public TrainedModel train(DatasetManifest dataset, String champion, Path disk, Pace pace, Progress progress)
            throws IOException, TrainingRefusedException {
        ModelFiles models = new ModelFiles(lake, dataset.origin().plan());
        long startedMs = clock.millis();
        try (DatasetLease lease = lease(dataset)) {
            DatasetManifest held = held(dataset);
            TrainingRequest request = new TrainingRequest(held, config, champion(models, held, champion), disk);
            TrainedModel trained = new TrainingRun(lake, request, pace).run(progress);
            pace.step();
            lease.requireHeld();
            models.save(trained.model());
            tell(held, startedMs, Ending.registered(trained));
            return trained;
        } catch (TrainingRefusedException e) {
            tell(dataset, startedMs, Ending.refused(e));
            throw e;
        } catch (IOException | RuntimeException e) {
            if (!isToStop(e)) {
                tell(dataset, startedMs, Ending.failed(e));
            }
            throw e;
        }
    }

    /** A run that is to stop has not failed: it may go on elsewhere. */
    private static boolean isToStop(Exception e) {
        return e instanceof JobContext.StoppedException
                || e instanceof CancellationException
                || Thread.currentThread().isInterrupted();
    }

    /** Keeps retention away: what the model was trained on is to be there when it is, and stays from then on. */
    private DatasetLease lease(DatasetManifest dataset) throws IOException {
        return new DatasetLeases(lake, EtlSettings.from(config).container(), clock)
                .take(LeaseUse.READ, "training on " + dataset.dataset() + ":" + dataset.version());
    }

    /** As it is now that retention is away: before, it may have been deleted, or an account been erased from it. */
    private DatasetManifest held(DatasetManifest dataset) throws IOException {
        return new Datasets(lake, EtlSettings.from(config).container()).get(dataset.dataset(), dataset.version());
    }

    private @Nullable Model champion(ModelFiles models, DatasetManifest dataset, String asked) throws IOException {
        if (asked.equals(NONE)) {
            return null;
        }
        if (!asked.isEmpty()) {
            return models.load(asked);
        }
        Optional<String> version =
                new StageFile(lake, dataset.origin().plan()).read().map(ModelStages::champion);
        if (version.isEmpty()) {
            version = models.newest();
        }
        return version.isEmpty() ? null : models.load(version.get());
    }

    private void tell(DatasetManifest dataset, long startedMs, Ending ending) {
        if (outbox.isEmpty()) {
            return;
        }
        try {
            outbox.get().add(tracked(dataset, startedMs, ending));
        } catch (IOException | RuntimeException e) {
            LOG.warn("The run is not in MLflow's outbox, and MLflow will not know of it", e);
            return;
        }
        try {
            outbox.get().deliver();
        } catch (IOException | RuntimeException e) {
            LOG.warn("MLflow could not be told of what is in the outbox, where it stays", e);
        }
    }

    private TrackedRun tracked(DatasetManifest dataset, long startedMs, Ending ending) {
        ModelManifest model = ending.model();
        String version = model == null ? "" : model.version();
        Lineage lineage = model == null ? null : model.lineage();
        String plan = dataset.origin().plan();
        StringBuilder files = new StringBuilder();
        dataset.files().stream().map(DataFile::sha256).forEach(files::append);
        return new TrackedRun(
                String.format(Locale.ROOT, "%014d-%s", startedMs, ending.name()),
                plan,
                version,
                ending.refused(),
                startedMs,
                clock.millis(),
                lineage == null ? TrainingParameters.of(config, plan) : lineage.parameters(),
                model == null ? Map.of() : model.metrics(),
                new TrackedRun.Dataset(
                        dataset.dataset(),
                        dataset.version(),
                        StoredFile.sha256(files.toString().getBytes(StandardCharsets.UTF_8))
                                .substring(0, 16),
                        dataset.total().rows()),
                ending.tags());
    }

    /** How a run ended, as MLflow is told. */
    private record Ending(@Nullable ModelManifest model, List<String> refused, Map<String, String> tags) {

        static Ending registered(TrainedModel trained) {
            Map<String, String> tags = new TreeMap<>();
            tags.put("outrider.test_from", trained.testFrom().toString());
            if (!trained.notes().isEmpty()) {
                tags.put("outrider.notes", String.join("\n", trained.notes()));
            }
            return new Ending(trained.model().manifest(), List.of(), tags);
        }

        static Ending refused(TrainingRefusedException e) {
            return new Ending(null, e.reasons(), Map.of());
        }

        static Ending failed(Exception e) {
            return new Ending(null, List.of(), Map.of("outrider.failed", MlflowOutbox.why(e)));
        }

        /** The model's version, or why there is none. */
        String name() {
            if (model != null) {
                return model.version();
            }
            return refused.isEmpty() ? "failed" : "refused";
        }
    }
}
