package io.outrider.app.command;

import io.outrider.core.model.ForestSettings;
import io.outrider.lake.model.ReadyForest;
import io.outrider.training.table.TableEvaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider evaluate-table}. */
@Command(
        name = "evaluate-table",
        mixinStandardHelpOptions = true,
        description = {
            "Fits the isolation forest on a plain table without its labels and scores the same rows.",
            "Over several seeds; or scores it with a forest that scikit-learn made (--model)."
        })
public final class EvaluateTableCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "CSV with a header line, gzip or not.")
    private Path file;

    @Option(
            names = "--label",
            required = true,
            paramLabel = "COLUMN",
            description = "Column of labels: 1 for anomalies, else 0; rows with neither are not measured.")
    private String label;

    @Option(names = "--trees", defaultValue = "100", description = "Trees (default: ${DEFAULT-VALUE}).")
    private int trees;

    @Option(
            names = "--subsample",
            defaultValue = "256",
            description = "Rows that each tree is grown from (default: ${DEFAULT-VALUE}).")
    private int subsample;

    @Option(
            names = "--seeds",
            defaultValue = "5",
            description = "Forests, with seeds from 0 on (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--model",
            paramLabel = "FILE.onnx",
            description = "Fit nothing: score with this forest, an IsolationForest of scikit-learn through skl2onnx.")
    private @Nullable Path model;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "COLUMN",
            description =
                    "The table's columns that are the model's inputs, in order (default: those named in its metadata).")
    private List<String> features = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        TableEvaluation evaluation;
        if (model == null && !features.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--features names the inputs of a --model");
        }
        require("--trees", trees, 1, ForestSettings.MOST_TREES);
        require("--subsample", subsample, 2, ForestSettings.LARGEST_SAMPLE);
        require("--seeds", seeds, 1, Integer.MAX_VALUE);
        try (Progress bar = Progress.bar("evaluate-table")) {
            evaluation = model != null
                    ? TableEvaluation.of(ReadyForest.read(model, features), file, label)
                    : TableEvaluation.run(
                            new TableEvaluation.Request(file, label, new ForestSettings(trees, subsample), seeds),
                            (step, fraction) -> bar.at(fraction, () -> step));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        warn(spec.commandLine().getErr(), evaluation);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(evaluation.toJson());
        } else {
            out.printf(Locale.ROOT, "rows, anomalies    %,d, %,d%n", evaluation.rows(), evaluation.anomalies());
            out.printf(Locale.ROOT, "rows without label %,d%n", evaluation.unlabelled());
            print(out, "AUC ROC", evaluation.auc());
            print(out, "average precision", evaluation.averagePrecision());
        }
        return 0;
    }

    /** Says what was left out; nothing if nothing was. */
    private void warn(PrintWriter err, TableEvaluation evaluation) {
        if (evaluation.unlabelled() > 0) {
            err.printf(
                    Locale.ROOT,
                    "outrider: rows left out of the metrics as they have no label%s: %,d%n",
                    model == null ? ", though the forest was fitted on them too" : "",
                    evaluation.unlabelled());
            err.flush();
        }
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            String range = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
            throw new ParameterException(spec.commandLine(), option + " must be " + range + ": " + value);
        }
    }

    private static void print(PrintWriter out, String name, TableEvaluation.Spread spread) {
        out.printf(Locale.ROOT, "%-18s %.4f (sd %.4f)%n", name, spread.mean(), spread.sd());
    }
}
