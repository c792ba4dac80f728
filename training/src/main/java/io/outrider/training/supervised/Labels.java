package io.outrider.training.supervised;

/**
 * The classes of a matrix's rows.
 *
 * @param values by row; true is the positive class
 * @param negativeShare share of the population's negative rows that are among the rows, over the same share of its
 *     positive ones; positive
 */
public record Labels(boolean[] values, double negativeShare) {

    public Labels {
        if (!(negativeShare > 0) || Double.isInfinite(negativeShare)) {
            throw new IllegalArgumentException("negative share must be positive: " + negativeShare);
        }
    }
}
