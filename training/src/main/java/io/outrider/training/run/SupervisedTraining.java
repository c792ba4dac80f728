package io.outrider.training.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.etl.SupervisedEtl;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Training as the supervisor runs it: first ETL, so that what was captured up to now is in the dataset, then a training run on its newest
 * version. Parameter {@code kind}: {@code forest}, {@code supervised} or {@code by-labels}; {@code dataset-version}: a number, to train on
 * that version and make none. Done again it makes the same model.
 */
public final class SupervisedTraining implements Job {

    /** Its kind. */
    public static final String KIND = "training";

    private static final String MODEL_KIND = "kind";
    private static final String VERSION = "dataset-version";
    private static final double ETL_SHARE = 0.4;

    private final BlobStore lake;
    private final Config config;
    private final String dataset;
    private final SupervisedEtl.Etl etl;
    private final LiveMetrics metrics;
    private final Tracing tracing;
    private final Clock clock;
    private final Supplier<Pace> pace;

    /**
     * Where it works.
     *
     * @param config the whole configuration
     * @param dataset the dataset's name
     * @param pace of a run; ETL has its own
     * @param metrics count what MLflow refuses
     * @param tracing where the spans of calls to MLflow come from
     */
    public record Surroundings(
            BlobStore lake,
            Config config,
            String dataset,
            Supplier<Pace> pace,
            LiveMetrics metrics,
            Tracing tracing,
            Clock clock) {}

    /**
     * Training on one dataset.
     *
     * @param etl makes its next version
     */
    public SupervisedTraining(Surroundings surroundings, SupervisedEtl.Etl etl) {
        this.lake = surroundings.lake();
        this.config = surroundings.config();
        this.dataset = surroundings.dataset();
        this.metrics = surroundings.metrics();
        this.tracing = surroundings.tracing();
        this.clock = surroundings.clock();
        this.pace = surroundings.pace();
        this.etl = etl;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean resumable() {
        return true;
    }

    @Override
    public void check(Map<String, String> parameters) throws RefusedException {
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            String value = parameter.getValue();
            switch (parameter.getKey()) {
                case MODEL_KIND -> {
                    if (!value.matches("forest|supervised|by-labels")) {
                        throw new RefusedException(MODEL_KIND, value, "kind must be forest, supervised or by-labels");
                    }
                }
                case VERSION -> {
                    if (!value.matches("[1-9]\\d{0,8}")) {
                        throw new RefusedException(VERSION, value, "dataset-version must be a positive whole number");
                    }
                }
                default ->
                    throw new RefusedException(
                            parameter.getKey(), value, "training takes the parameters kind and dataset-version");
            }
        }
    }

    @Override
    public void lookUp(Map<String, String> parameters) throws RefusedException, IOException {
        String number = parameters.get(VERSION);
        if (number != null && !datasets().versions(dataset).contains(Integer.valueOf(number))) {
            throw new RefusedException(VERSION, number, "dataset " + dataset + " has no version " + number);
        }
    }

    private Datasets datasets() {
        return new Datasets(lake, EtlSettings.from(config).container());
    }

    @Override
    public JobResult run(JobContext context) throws IOException, HopelessException {
        String kind = context.parameters().get(MODEL_KIND);
        Config with = kind == null
                ? config
                : ConfigFactory.parseMap(Map.of("outrider.training.run.kind", kind))
                        .withFallback(config);
        try {
            DatasetManifest version = version(context);
            TrainedModel trained = new Trainer(lake, with, metrics, tracing, clock)
                    .train(
                            version,
                            "",
                            context.disk(),
                            pace.get(),
                            (step, fraction) -> context.progress(ETL_SHARE + (1 - ETL_SHARE) * fraction, step));
            return result(version, trained);
        } catch (TrainingRefusedException e) {
            throw new HopelessException("refused: " + e.getMessage(), e);
        } catch (IOException e) {
            throw SupervisedEtl.judged(e);
        }
    }

    private DatasetManifest version(JobContext context) throws IOException, HopelessException {
        Datasets datasets = datasets();
        String number = context.parameters().get(VERSION);
        if (number != null) {
            int wanted = Integer.parseInt(number);
            if (!datasets.versions(dataset).contains(wanted)) {
                throw new HopelessException("refused: dataset " + dataset + " has no version " + wanted);
            }
            return datasets.get(dataset, wanted);
        }
        etl.on(context.disk(), false).run((step, fraction) -> context.progress(ETL_SHARE * fraction, "etl: " + step));
        return datasets.newest(dataset)
                .orElseThrow(() -> new HopelessException("refused: nothing was captured yet, so there is no dataset"));
    }

    private static JobResult result(DatasetManifest version, TrainedModel trained) {
        String model = trained.model().manifest().version();
        String kind = trained.kind().name().toLowerCase(Locale.ROOT);
        Map<String, Double> metrics = trained.model().manifest().metrics();
        Map<String, String> results = new LinkedHashMap<>();
        results.put("modelVersion", model);
        results.put("kind", kind);
        results.put("dataset", version.dataset() + ":" + version.version());
        results.put("testFrom", trained.testFrom().toString());
        if (!trained.notes().isEmpty()) {
            results.put("notes", String.join("\n", trained.notes()));
        }
        for (String name : new String[] {"auc", "average_precision", "alert_rate"}) {
            Double value = metrics.get(name);
            if (value != null) {
                results.put(name, String.format(Locale.ROOT, "%.6f", value));
            }
        }
        return JobResult.done(
                String.format(
                        Locale.ROOT,
                        "model %s (%s) on %s:%d, %,d rows",
                        model,
                        kind,
                        version.dataset(),
                        version.version(),
                        version.total().rows()),
                results);
    }
}
