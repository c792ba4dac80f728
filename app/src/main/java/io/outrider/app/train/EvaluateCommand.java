package io.outrider.app.train;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.Progress;
import io.outrider.app.etl.DatasetChoice;
import io.outrider.app.etl.LakeChoice;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.model.ReadyForest;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.evaluation.DatasetSource;
import io.outrider.training.evaluation.EvaluateRequest;
import io.outrider.training.evaluation.EvaluateRequest.Days;
import io.outrider.training.evaluation.Evaluation;
import io.outrider.training.evaluation.EvaluationJson;
import io.outrider.training.evaluation.EvaluationReport;
import io.outrider.training.evaluation.EvaluationResult;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Replays histories through the live features, fits on the training days, freezes, and scores the test days.",
            "A label counts from its event time plus the label delay, in features as in fitting, never earlier."
        })
public final class EvaluateCommand implements Callable<Integer> {

    /** What {@code --model} takes. */
    enum Kind {
        forest,
        supervised
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description =
                    "Histories (CSV or NDJSON, gzip or not). The files may come in any order; the rows of each must be in time order.")
    private List<Path> files = List.of();

    @Option(
            names = "--dataset",
            paramLabel = "NAME:NUMBER",
            description = "In place of files: a dataset's version, with the features that etl computed.")
    private @Nullable String dataset;

    @Mixin
    private LakeChoice lake;

    @Option(names = "--train-from", required = true, paramLabel = "DATE", description = "First day to fit on (UTC).")
    private LocalDate trainFrom;

    @Option(names = "--train-to", required = true, paramLabel = "DATE", description = "Last day to fit on.")
    private LocalDate trainTo;

    @Option(names = "--test-from", required = true, paramLabel = "DATE", description = "First day to score.")
    private LocalDate testFrom;

    @Option(names = "--test-to", required = true, paramLabel = "DATE", description = "Last day to score.")
    private LocalDate testTo;

    @Option(
            names = "--label-delay",
            paramLabel = "DURATION",
            description = "When a label becomes known, after its event (default: P7D; a dataset's own).")
    private @Nullable Duration labelDelay;

    @Option(names = "--model", description = "forest or supervised (default: supervised where labels allow it).")
    private @Nullable Kind model;

    @Option(
            names = "--model-file",
            paramLabel = "FILE.onnx",
            description =
                    "A ready forest, scikit-learn's IsolationForest through skl2onnx, in place of one fitted here; calibration,"
                            + " tails and threshold are fitted on the training days as ever.")
    private @Nullable Path modelFile;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "FEATURE",
            description =
                    "The plan's features that are the ready forest's inputs, in order (default: those named in its"
                            + " metadata).")
    private List<String> features = List.of();

    @Option(
            names = "--drop-known-accounts",
            description =
                    "Leave accounts with a fraud known since the training began out of the metrics (the Handbook's protocol).")
    private boolean dropKnown;

    @Option(
            names = "--seed",
            defaultValue = "42",
            description = "Seed of all chance in the fit (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write a page with ROC, precision-recall and score plots.")
    private @Nullable Path report;

    @Override
    public Integer call() throws IOException {
        if (files.isEmpty() == (dataset == null)) {
            throw new ParameterException(spec.commandLine(), "name either files or a --dataset");
        }
        ReportFile.requireWritable(report);
        Config config = ConfigFactory.load();
        if (dataset == null) {
            EvaluateRequest request = request(null);
            tell(request, evaluate(config, request, null));
            return 0;
        }
        BlobStore store = lake.open(config);
        try (DatasetLease lease = DatasetChoice.reading(store, config, "evaluate by command line")) {
            DatasetSource source = source(store, config, dataset);
            EvaluateRequest request = request(source);
            EvaluationResult result = evaluate(config, request, source);
            lease.requireHeld();
            tell(request, result);
        }
        return 0;
    }

    private static EvaluationResult evaluate(Config config, EvaluateRequest request, @Nullable DatasetSource source)
            throws IOException {
        try (Progress bar = Progress.bar("evaluate")) {
            TrainingSettings settings = TrainingSettings.read(config);
            io.outrider.training.fit.Progress told = (step, fraction) -> bar.at(fraction, () -> step);
            return source == null
                    ? Evaluation.run(request, settings, told)
                    : Evaluation.run(request, source, settings, told);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The metrics first: a page that can't be written all the same must not cost them. */
    private void tell(EvaluateRequest request, EvaluationResult result) throws IOException {
        EvaluateText.warn(spec.commandLine().getErr(), result);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(EvaluationJson.of(result));
        } else {
            EvaluateText.print(out, result);
        }
        out.flush();
        if (report != null) {
            Files.writeString(report, EvaluationReport.html(request, result));
        }
    }

    private static DatasetSource source(BlobStore store, Config config, String named) throws IOException {
        Datasets datasets = new Datasets(store, EtlSettings.from(config).container());
        return new DatasetSource(
                store,
                DatasetChoice.version(datasets, named),
                config.getDuration("outrider.risk.maturity"),
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    private EvaluateRequest request(@Nullable DatasetSource source) throws IOException {
        if (modelFile == null && !features.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--features names the inputs of a --model-file");
        }
        ModelKind kind = modelFile != null && model == null ? ModelKind.FOREST : kind();
        ReadyForest ready;
        try {
            ready = modelFile == null ? null : ReadyForest.read(modelFile, features);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        Duration delay = source == null ? EvaluateRequest.DEFAULT_LABEL_DELAY : source.labelDelay();
        try {
            return new EvaluateRequest(
                    files,
                    new Days(trainFrom, trainTo),
                    new Days(testFrom, testTo),
                    labelDelay == null ? delay : labelDelay,
                    kind,
                    ready,
                    dropKnown,
                    seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private ModelKind kind() {
        return model == null ? ModelKind.BY_LABELS : model == Kind.forest ? ModelKind.FOREST : ModelKind.SUPERVISED;
    }
}
