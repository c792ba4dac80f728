package io.outrider.core.model;

/**
 * A tree ensemble's part in a raw score: weight x curve(sum of the trees).
 *
 * @param name unique in its model; names the ensemble in files ({@code isolation_forest})
 * @param trees the ensemble
 * @param columns for each input of the ensemble, its place in the plan's vector
 * @param curve the sum's evidence, such as its surprise in nats
 * @param weight not negative
 */
public record TreePart(String name, TreeEnsemble trees, int[] columns, Curve curve, double weight) {

    public TreePart {
        if (columns.length != trees.inputs()) {
            throw new IllegalArgumentException(
                    name + ": " + columns.length + " columns for " + trees.inputs() + " inputs");
        }
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(name + ": weight must be finite and not negative: " + weight);
        }
        columns = columns.clone();
    }

    /** The inputs of the ensemble, out of a plan's vector. */
    float[] row(double[] vector) {
        float[] row = new float[columns.length];
        gather(vector, row);
        return row;
    }

    /** The same, into space that is at least as long. */
    void gather(double[] vector, float[] into) {
        for (int i = 0; i < columns.length; i++) {
            into[i] = (float) vector[columns[i]];
        }
    }

    /** Which input a column of the vector is, or -1. */
    int inputOf(int column) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] == column) {
                return i;
            }
        }
        return -1;
    }

    /** The part that a sum of the trees has in the raw score. */
    double of(double sum) {
        return weight * curve.at(sum);
    }
}
