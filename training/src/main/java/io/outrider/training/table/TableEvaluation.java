package io.outrider.training.table;

import io.outrider.core.model.ForestSettings;
import io.outrider.core.model.IsolationForest;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.lake.model.ReadyForest;
import io.outrider.training.evaluation.JsonText;
import io.outrider.training.evaluation.Ranking;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well an isolation forest finds the labelled anomalies of a table. Unless a ready one is given, it is fitted on all rows without their labels
 * and scores the same rows, as the published comparisons of anomaly detectors do (Han et al., "ADBench", NeurIPS 2022);
 * several seeds show how much is chance. Rows without label are fitted on like the others, and not measured.
 *
 * @param rows rows of the table that were measured
 * @param anomalies anomalous ones among them
 * @param unlabelled rows without label, not measured
 * @param auc area under the ROC curve over the seeds
 * @param averagePrecision average precision over the seeds
 */
public record TableEvaluation(int rows, int anomalies, int unlabelled, Spread auc, Spread averagePrecision) {

    /** Mean and standard deviation (of the values themselves, not an estimate for others). */
    public record Spread(double mean, double sd) {

        static Spread of(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            double mean = sum / values.length;
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Spread(mean, Math.sqrt(squares / values.length));
        }
    }

    /**
     * Which table, and what to try on it.
     *
     * @param labelColumn name of the column of labels
     * @param seeds how many forests are fitted, with seeds from 0 on; at least 1
     */
    public record Request(Path file, String labelColumn, ForestSettings forest, int seeds) {

        /** How many seeds are tried where none is said. */
        public static final int DEFAULT_SEEDS = 5;

        public Request {
            if (seeds < 1) {
                throw new IllegalArgumentException("at least one seed is needed: " + seeds);
            }
        }
    }

    /**
     * Runs the evaluation.
     *
     * @throws IOException if the file can't be read
     * @throws IllegalArgumentException if it is no table with this label, or its rows are all of one kind
     */
    public static TableEvaluation run(Request request, Progress progress) throws IOException {
        LabelledTable table = LabelledTable.read(request.file(), request.labelColumn());
        progress.at("read", 1);
        List<Ranking> rankings = new ArrayList<>();
        int[] columns = IntStream.range(0, table.columns().size()).toArray();
        for (int seed = 0; seed < request.seeds(); seed++) {
            TreeEnsemble forest = IsolationForest.fit(table.rows(), columns, request.forest(), seed);
            rankings.add(ranking(request.file(), table, forest));
            progress.at("forests", (seed + 1.0) / request.seeds());
        }
        return of(table, rankings);
    }

    /**
     * Judges a ready forest, whose columns are found in the table by name; further columns are left alone.
     *
     * @throws IOException if the table can't be read
     * @throws IllegalArgumentException if it is no table with this label and these columns, or its rows are all of one kind
     */
    public static TableEvaluation of(ReadyForest forest, Path file, String labelColumn) throws IOException {
        LabelledTable table = LabelledTable.read(file, labelColumn, forest.features());
        return of(table, List.of(ranking(file, table, forest.trees())));
    }

    private static TableEvaluation of(LabelledTable table, List<Ranking> rankings) {
        Ranking any = rankings.get(0);
        return new TableEvaluation(
                any.anomalies() + any.ordinary(),
                any.anomalies(),
                table.unlabelled().cardinality(),
                Spread.of(rankings.stream().mapToDouble(Ranking::auc).toArray()),
                Spread.of(
                        rankings.stream().mapToDouble(Ranking::averagePrecision).toArray()));
    }

    private static Ranking ranking(Path file, LabelledTable table, TreeEnsemble forest) {
        int[] measured = IntStream.range(0, table.labels().length)
                .filter(row -> !table.unlabelled().get(row))
                .toArray();
        if (measured.length == 0) {
            throw new IllegalArgumentException(file + ": no row has a label: there is nothing to measure");
        }
        boolean[] labels = new boolean[measured.length];
        for (int i = 0; i < measured.length; i++) {
            labels[i] = table.labels()[measured[i]];
        }
        Ranking ranking = Ranking.of(scores(table, measured, forest), labels);
        if (ranking.anomalies() == 0 || ranking.ordinary() == 0) {
            throw new IllegalArgumentException(file + ": " + ranking.anomalies() + " of " + labels.length
                    + (measured.length < table.labels().length ? " labelled" : "")
                    + " rows are anomalous: there is nothing to tell apart");
        }
        return ranking;
    }

    /** As JSON, for scripts. */
    public String toJson() {
        return JsonText.object(json -> {
            json.writeObjectFieldStart("auc");
            JsonText.number(json, "mean", auc.mean());
            JsonText.number(json, "sd", auc.sd());
            json.writeEndObject();
            json.writeObjectFieldStart("averagePrecision");
            JsonText.number(json, "mean", averagePrecision.mean());
            JsonText.number(json, "sd", averagePrecision.sd());
            json.writeEndObject();
            json.writeNumberField("rows", rows);
            json.writeNumberField("anomalies", anomalies);
            json.writeNumberField("unlabelled", unlabelled);
        });
    }

    private static double[] scores(LabelledTable table, int[] measured, TreeEnsemble forest) {
        int width = table.columns().size();
        double[] scores = new double[measured.length];
        float[] row = new float[width];
        for (int i = 0; i < scores.length; i++) {
            for (int c = 0; c < width; c++) {
                row[c] = (float) table.rows().value(measured[i], c);
            }
            scores[i] = forest.score(row);
        }
        return scores;
    }
}
