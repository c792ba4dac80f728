package io.outrider.core.model;

import io.outrider.core.pace.Pace;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits the raw score of a model without labels: an isolation forest and the tails beside it. The same rows in the same
 * order, recipe and seed give the same score, bit for bit. Calibrate and place the threshold on later rows:
 *
 * <pre>{@code
 * FusedScore score = ModelTrainer.fit(recipe, plan, trainingRows, seed);
 * double[] later = score.raw(calibrationRows);
 * double threshold = new ThresholdRule.AlertBudget(0.01).threshold(later, new boolean[0]);
 * Model model = Model.of(score, new Model.Decided(
 *     plan, Calibration.fit(later), alertSettings.terms(threshold), origin, metrics));
 * }</pre>
 */
public final class ModelTrainer {

    /** Name of the ensemble that {@link #fit} grows. */
    public static final String FOREST = "isolation_forest";

    /** Rows, evenly spread, that the forest's surprise is fitted on; more would cost time and change nothing. */
    private static final int SURPRISE_ROWS = 200_000;

    private ModelTrainer() {}

    /** Fits on all rows; columns are the plan's features. */
    public static FusedScore fit(ModelRecipe recipe, ModelManifest.Plan plan, FeatureMatrix rows, long seed) {
        return fit(recipe, plan, rows, seed, Pace.FULL);
    }

    /** The same at a pace. */
    public static FusedScore fit(
            ModelRecipe recipe, ModelManifest.Plan plan, FeatureMatrix rows, long seed, Pace pace) {
        requireWidth(plan, rows);
        List<TreePart> ensembles = List.of();
        if (!recipe.forestFeatures().isEmpty()) {
            int[] columns =
                    recipe.forestFeatures().stream().mapToInt(plan::column).toArray();
            TreeEnsemble trees = IsolationForest.fit(rows, columns, recipe.forest(), seed, pace);
            ensembles = List.of(forest(recipe, trees, columns, rows, pace));
        }
        return fused(recipe, plan, ensembles, rows, pace);
    }

    /**
     * The same around a forest that is there already, such as one made elsewhere: its trees stay as they are, its surprise
     * and the tails beside it are fitted.
     *
     * @param features names of the forest's inputs in the plan, in order
     */
    public static FusedScore fitAround(
            TreeEnsemble trees,
            List<String> features,
            ModelRecipe recipe,
            ModelManifest.Plan plan,
            FeatureMatrix rows) {
        requireWidth(plan, rows);
        int[] columns = features.stream().mapToInt(plan::column).toArray();
        return fused(recipe, plan, List.of(forest(recipe, trees, columns, rows, Pace.FULL)), rows, Pace.FULL);
    }

    private static void requireWidth(ModelManifest.Plan plan, FeatureMatrix rows) {
        if (rows.width() != plan.features().size()) {
            throw new IllegalArgumentException("rows of " + rows.width() + " values for a plan of "
                    + plan.features().size());
        }
    }

    private static FusedScore fused(
            ModelRecipe recipe, ModelManifest.Plan plan, List<TreePart> ensembles, FeatureMatrix rows, Pace pace) {
        List<Evidence> evidence = new ArrayList<>();
        for (ModelRecipe.Tail tail : recipe.tails()) {
            evidence.add(tail(tail, plan.column(tail.feature()), rows));
            pace.step();
        }
        return new FusedScore(ensembles, evidence);
    }

    private static TreePart forest(
            ModelRecipe recipe, TreeEnsemble trees, int[] columns, FeatureMatrix rows, Pace pace) {
        FusedScore alone = new FusedScore(List.of(new TreePart(FOREST, trees, columns, Curve.line(1), 1)), List.of());
        int every = (rows.rows() + SURPRISE_ROWS - 1) / SURPRISE_ROWS;
        FeatureMatrix some = rows;
        if (every > 1) {
            some = new FeatureMatrix(rows.width());
            double[] vector = new double[rows.width()];
            for (int row = 0; row < rows.rows(); row += every) {
                rows.copyRow(row, vector);
                some.add(vector);
            }
        }
        Curve surprise = UpperTail.fit(alone.raw(some, pace), recipe.forestBodyShare());
        return new TreePart(FOREST, trees, columns, surprise, recipe.forestWeight());
    }

    /** The evidence of a feature's tail, as seen in the rows. */
    public static Evidence tail(ModelRecipe.Tail tail, int column, FeatureMatrix rows) {
        double[] values = rows.column(column);
        if (tail.lower()) {
            for (int i = 0; i < values.length; i++) {
                values[i] = -values[i];
            }
        }
        Curve surprise = UpperTail.fit(values, tail.bodyShare()).above(-StrictMath.log(1 - tail.quietShare()));
        double sum = 0;
        int present = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                sum += surprise.at(value);
                present++;
            }
        }
        return new Evidence(column, tail.lower(), surprise, tail.weight(), present == 0 ? 0 : sum / present);
    }
}
