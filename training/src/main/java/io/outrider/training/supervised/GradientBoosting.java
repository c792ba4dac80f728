package io.outrider.training.supervised;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.SplitMix;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.model.TreeEnsembleBuilder;
import io.outrider.core.pace.Pace;
import java.util.Arrays;

/**
 * Gradient boosting of regression trees on the logistic loss (Friedman, "Greedy function approximation", 2001), each
 * tree on a random share of rows ("Stochastic gradient boosting", 2002) and columns. The ensemble's score is the
 * log-odds of the positive class. Same data, settings and seed give the same ensemble, bit for bit.
 */
public final class GradientBoosting {

    private final BinnedColumns data;
    private final boolean[] labels;
    private final BoostingSettings settings;
    private final SplitMix random;
    private final Pace pace;
    private final double[] sums;
    private final double[] gradient;
    private final double[] hessian;

    private GradientBoosting(BinnedColumns data, boolean[] labels, BoostingSettings settings, long seed, Pace pace) {
        this.data = data;
        this.labels = labels;
        this.settings = settings;
        this.random = new SplitMix(seed);
        this.pace = pace;
        this.sums = new double[labels.length];
        this.gradient = new double[labels.length];
        this.hessian = new double[labels.length];
    }

    /**
     * Fits an ensemble whose input {@code i} is column {@code columns[i]}. Both classes must occur. Where only a share of
     * the negative rows was kept, the log-odds are corrected for it.
     */
    public static TreeEnsemble fit(
            FeatureMatrix data, int[] columns, Labels labels, BoostingSettings settings, long seed, Pace pace) {
        if (labels.values().length != data.rows()) {
            throw new IllegalArgumentException(labels.values().length + " labels for " + data.rows() + " rows");
        }
        return new GradientBoosting(BinnedColumns.of(data, columns, pace), labels.values(), settings, seed, pace)
                .grow(labels.negativeShare());
    }

    private TreeEnsemble grow(double negativeShare) {
        int positives = 0;
        for (boolean label : labels) {
            positives += label ? 1 : 0;
        }
        if (positives == 0 || positives == labels.length) {
            throw new IllegalArgumentException(
                    "boosting needs rows of both classes: " + positives + " of " + labels.length + " are positive");
        }
        double start = StrictMath.log(positives / (double) (labels.length - positives));
        Arrays.fill(sums, start);
        TreeGrower grower = new TreeGrower(data, settings, gradient, hessian, pace);
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(data.columns());
        int[] rows = ascending(data.rows());
        int[] columns = ascending(data.columns());
        int rowCount = Math.max(1, (int) Math.round(settings.rowShare() * rows.length));
        int columnCount = Math.max(1, (int) Math.round(settings.columnShare() * columns.length));
        for (int tree = 0; tree < settings.trees(); tree++) {
            differentiate();
            drawFirst(rows, rowCount);
            drawFirst(columns, columnCount);
            TreeGrower.Tree grown = grower.grow(rows, rowCount, Arrays.copyOf(columns, columnCount));
            grown.addTo(sums);
            grown.writeTo(builder);
            pace.step();
        }
        return builder.build(start + StrictMath.log(negativeShare));
    }

    private void differentiate() {
        for (int row = 0; row < labels.length; row++) {
            double probability = 1 / (1 + StrictMath.exp(-sums[row]));
            gradient[row] = probability - (labels[row] ? 1 : 0);
            hessian[row] = probability * (1 - probability);
        }
    }

    private static int[] ascending(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    /** Moves a random choice of the entries to the front. */
    private void drawFirst(int[] entries, int count) {
        for (int i = 0; i < count && count < entries.length; i++) {
            int other = i + random.nextInt(entries.length - i);
            int entry = entries[other];
            entries[other] = entries[i];
            entries[i] = entry;
        }
    }
}
