package io.outrider.app.bench.training;

import io.outrider.app.command.CommandException;
import io.outrider.core.model.ForestSettings;
import io.outrider.training.dataset.DatasetJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench forest}. */
@Command(
        name = "forest",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how long an isolation forest takes to fit, and to score rows, beside scikit-learn's on the same rows, in",
            "turns. Needs a Python with scikit-learn. Prints medians, and how well each ranks planted anomalies."
        })
public final class ForestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--python", defaultValue = "python3", description = "Default: ${DEFAULT-VALUE}.")
    private String python = "python3";

    @Option(names = "--rows", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
    private int rows;

    @Option(names = "--columns", defaultValue = "16", description = "Default: ${DEFAULT-VALUE}.")
    private int columns;

    @Option(names = "--trees", defaultValue = "200", description = "Default: ${DEFAULT-VALUE}.")
    private int trees;

    @Option(names = "--sample-size", defaultValue = "2048", description = "Default: ${DEFAULT-VALUE}.")
    private int sampleSize;

    @Option(names = "--score", defaultValue = "100000", description = "Rows to score. Default: ${DEFAULT-VALUE}.")
    private int score;

    @Option(names = "--passes", defaultValue = "5", description = "Measured turns of each. Default: ${DEFAULT-VALUE}.")
    private int passes;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CommandException.require(rows >= 1_000, "--rows must be at least 1000: " + rows);
        CommandException.require(columns >= 1 && columns <= 1_000, "--columns must be 1 to 1000: " + columns);
        CommandException.require(trees >= 1 && trees <= 10_000, "--trees must be 1 to 10000: " + trees);
        CommandException.require(
                sampleSize >= 2 && sampleSize <= 65_536, "--sample-size must be 2 to 65536: " + sampleSize);
        CommandException.require(
                score >= 1_000 && score <= rows, "--score must be 1000 to the number of rows: " + score);
        CommandException.require(passes >= 1, "--passes must be at least 1: " + passes);
        ForestBench.Result result = new ForestBench(
                        new ForestBench.Request(
                                rows, columns, new ForestSettings(trees, sampleSize), score, passes, 1, python),
                        line -> spec.commandLine().getErr().println(line))
                .run();
        spec.commandLine()
                .getOut()
                .println(json ? new String(DatasetJson.write(result), StandardCharsets.UTF_8) : text(result));
        return 0;
    }

    private static String text(ForestBench.Result result) {
        StringBuilder text = new StringBuilder("scikit-learn ").append(result.scikitLearn());
        result.turns()
                .forEach((name, turns) -> text.append(String.format(
                        Locale.ROOT,
                        "%n%-24s fit %7.3f s   score %7.3f s   AUC %.4f",
                        name,
                        median(turns, ForestBench.Took::fit),
                        median(turns, ForestBench.Took::score),
                        result.auc().get(name))));
        return text.toString();
    }

    private static double median(List<ForestBench.Took> turns, ToDoubleFunction<ForestBench.Took> of) {
        double[] sorted = turns.stream().mapToDouble(of).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
