package io.outrider.core.model;

/**
 * One feature's direct part in a raw score, beside the trees: weight x curve(value), or weight x curve(-value) where it is
 * low values that count. A missing value says nothing: it counts as the expected one.
 *
 * @param column the feature's place in the plan's vector
 * @param lower whether the curve is one of the negated value
 * @param curve the value's evidence, such as its surprise in nats
 * @param weight not negative
 * @param expected mean of the curve over the rows it was fitted on
 */
public record Evidence(int column, boolean lower, Curve curve, double weight, double expected) {

    public Evidence {
        if (column < 0) {
            throw new IllegalArgumentException("column " + column);
        }
        if (!(weight >= 0) || !Double.isFinite(weight) || !Double.isFinite(expected)) {
            throw new IllegalArgumentException("weight and expected evidence must be finite, the weight not negative");
        }
    }

    double of(double value) {
        return weight * (Double.isNaN(value) ? expected : curve.at(lower ? -value : value));
    }
}
