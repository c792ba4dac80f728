package io.outrider.training.backtest;

import com.typesafe.config.Config;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.model.Model;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.Backtests;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.rollout.BacktestFiles;
import io.outrider.training.dataset.DatasetErasure;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetReports;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.LeaseUse;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backtest as the supervisor runs it. Parameters: {@code model}, a registered version; {@code against}, another one to compare it with;
 * {@code dataset-version}, a number, where the newest is not meant; {@code from} and {@code to}, event dates. Its report lies in the lake
 * ({@link DatasetReports}) until newer ones have pushed it out or an account is erased; what the gate wants to know of it lies beside
 * the model ({@link BacktestFiles}). Done again it finds the same.
 */
public final class SupervisedBacktest implements Job {

    private static final String MODEL = "model";
    private static final String AGAINST = "against";
    private static final String VERSION = "dataset-version";
    private static final String FROM = "from";
    private static final String TO = "to";

    private final BlobStore lake;
    private final Config config;
    private final String dataset;
    private final DatasetLeases leases;
    private final DatasetReports reports;
    private final Supplier<Pace> pace;
    private final int mostReports;

    /**
     * Backtests on one dataset.
     *
     * @param config the whole configuration
     * @param dataset the dataset's name
     * @param pace of a run
     * @param leases of the datasets' container
     */
    public SupervisedBacktest(
            BlobStore lake, Config config, String dataset, Supplier<Pace> pace, DatasetLeases leases) {
        this.lake = lake;
        this.config = config;
        this.dataset = dataset;
        this.pace = pace;
        this.leases = leases;
        this.reports = new DatasetReports(lake);
        this.mostReports = config.getInt("outrider.training.backtest.reports");
        if (mostReports < 1) {
            throw new IllegalArgumentException("outrider.training.backtest.reports must be at least 1: " + mostReports);
        }
    }

    @Override
    public String kind() {
        return Backtests.KIND;
    }

    @Override
    public boolean resumable() {
        return true;
    }

    @Override
    public void check(Map<String, String> parameters) throws RefusedException {
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            String value = parameter.getValue();
            switch (name) {
                case MODEL, AGAINST -> requireVersion(name, value);
                case VERSION -> {
                    if (!value.matches("[1-9]\\d{0,8}")) {
                        throw new RefusedException(name, value, name + " must be a positive whole number");
                    }
                }
                case FROM, TO -> date(name, value);
                default ->
                    throw new RefusedException(
                            name,
                            value,
                            "a backtest takes the parameters model, against, dataset-version, from and to");
            }
        }
        requireVersion(MODEL, parameters.getOrDefault(MODEL, ""));
        String from = parameters.get(FROM);
        String to = parameters.get(TO);
        if (from != null && to != null && date(TO, to).isBefore(date(FROM, from))) {
            throw new RefusedException(TO, to, "to must not lie before from, " + from);
        }
    }

    private static void requireVersion(String name, String value) throws RefusedException {
        if (!value.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new RefusedException(name, value, name + " must be the version of a registered model");
        }
    }

    private static LocalDate date(String name, String value) throws RefusedException {
        try {
            return LocalDate.parse(value);
        } catch (DateTimeParseException e) {
            throw new RefusedException(name, value, name + " must be a date such as 2026-03-01");
        }
    }

    @Override
    public void lookUp(Map<String, String> parameters) throws RefusedException, IOException {
        Datasets datasets = datasets();
        List<Integer> versions = datasets.versions(dataset);
        String number = parameters.get(VERSION);
        if (number != null && !versions.contains(Integer.valueOf(number))) {
            throw new RefusedException(VERSION, number, "dataset " + dataset + " has no version " + number);
        }
        if (versions.isEmpty()) {
            return;
        }
        int version = number == null ? versions.get(versions.size() - 1) : Integer.parseInt(number);
        String plan = datasets.get(dataset, version).origin().plan();
        List<String> models = new ModelFiles(lake, plan).versions();
        for (String name : List.of(MODEL, AGAINST)) {
            String model = parameters.get(name);
            if (model != null && !models.contains(model)) {
                throw new RefusedException(name, model, "there is no model " + model + " of plan " + plan);
            }
        }
    }

    private Datasets datasets() {
        return new Datasets(lake, EtlSettings.from(config).container());
    }

    @Override
    public JobResult run(JobContext context) throws IOException, HopelessException {
        // Before the version is looked up: it stays, with its rows, until the report is there.
        try (DatasetLease lease = leases.take(LeaseUse.READ, context.runId())) {
            return run(context, lease);
        }
    }

    private JobResult run(JobContext context, DatasetLease lease) throws IOException, HopelessException {
        Map<String, String> parameters = context.parameters();
        DatasetManifest version = version(parameters.get(VERSION));
        List<String> erased = erased(version);
        ModelFiles models = new ModelFiles(lake, version.origin().plan());
        Model model = model(models, parameters.getOrDefault(MODEL, ""));
        String against = parameters.get(AGAINST);
        BacktestResult result;
        try {
            result = new Backtest(
                            lake,
                            new BacktestRequest(
                                    version,
                                    config,
                                    model,
                                    against == null ? null : model(models, against),
                                    day(parameters.get(FROM)),
                                    day(parameters.get(TO)),
                                    context.disk()),
                            pace.get())
                    .run((step, fraction) -> context.progress(fraction, step));
        } catch (IllegalArgumentException e) { // another plan's model, or no event in the stretch
            throw new HopelessException("refused: " + e.getMessage(), e);
        }
        lease.requireHeld();
        reports.put(context.runId(), DatasetJson.write(result), mostReports);
        if (!erased(version).equals(erased)) {
            reports.delete(context.runId());
            throw new IOException("an account was erased meanwhile, whom the report may name");
        }
        new BacktestFiles(lake, version.origin().plan())
                .keep(result, model.manifest().origin().dataTo());
        return found(version, result);
    }

    private DatasetManifest version(@Nullable String number) throws IOException, HopelessException {
        Datasets datasets = datasets();
        if (number == null) {
            return datasets.newest(dataset)
                    .orElseThrow(() -> new HopelessException("refused: there is no dataset yet; ETL makes one"));
        }
        int wanted = Integer.parseInt(number);
        if (!datasets.versions(dataset).contains(wanted)) {
            throw new HopelessException("refused: dataset " + dataset + " has no version " + wanted);
        }
        return datasets.get(dataset, wanted);
    }

    private static Model model(ModelFiles models, String version) throws IOException, HopelessException {
        if (!models.versions().contains(version)) {
            throw new HopelessException("refused: no registered model of the dataset's plan is '" + version + "'");
        }
        return models.load(version);
    }

    private List<String> erased(DatasetManifest version) throws IOException {
        return DatasetErasure.erasures(lake, version.origin()).requests().stream()
                .filter(request -> request.transactions() != null)
                .map(ErasureRequest::id)
                .sorted()
                .toList();
    }

    private static @Nullable LocalDate day(@Nullable String date) {
        return date == null ? null : LocalDate.parse(date);
    }

    private static JobResult found(DatasetManifest version, BacktestResult result) {
        Map<String, String> results = new LinkedHashMap<>();
        results.put("modelVersion", result.modelVersion());
        results.put("againstVersion", result.againstVersion());
        results.put("dataset", version.dataset() + ":" + version.version());
        BacktestResult.Predicted alerts = result.alertsPerDay();
        String summary = String.format(
                Locale.ROOT,
                "%,d events on %,d days: %.1f alerts a day, a day to come %.0f to %.0f",
                result.events(),
                result.days().size(),
                alerts.mean(),
                alerts.low(),
                alerts.high());
        if (!result.againstVersion().isEmpty()) {
            summary += String.format(
                    Locale.ROOT,
                    "; %,d appear, %,d vanish",
                    result.appear().count(),
                    result.vanish().count());
        }
        return JobResult.done(summary, results);
    }
}
