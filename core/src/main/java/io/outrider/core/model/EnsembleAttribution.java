package io.outrider.core.model;

import org.jspecify.annotations.Nullable;

/**
 * Shapley values of an ensemble's inputs, path-dependent (see {@link TreeAttribution}), by the way that costs less: for
 * few inputs from {@link CoalitionValues}, which are prepared when first asked for (some milliseconds) and kept; else tree
 * by tree. Both give the same up to rounding. Thread-safe.
 */
final class EnsembleAttribution {

    private final TreeEnsemble trees;
    private final boolean byCoalitions;
    private volatile @Nullable CoalitionValues prepared;

    EnsembleAttribution(TreeEnsemble trees) {
        this.trees = trees;
        this.byCoalitions = CoalitionValues.suit(trees);
    }

    /** Adds each input's value to {@code into}, which has one entry per input; they sum to (score - expected). */
    void explain(float[] row, double[] into) {
        if (byCoalitions) {
            coalitions().explain(row, into);
        } else {
            new TreeAttribution(trees).explain(row, into);
        }
    }

    private CoalitionValues coalitions() {
        CoalitionValues known = prepared;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            CoalitionValues values = prepared;
            if (values == null) {
                values = new CoalitionValues(trees);
                prepared = values;
            }
            return values;
        }
    }
}
