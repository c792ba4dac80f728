package io.outrider.core.model;

import java.util.Arrays;

/**
 * A model's raw score as a function of one feature, the others as a vector has them: steps where trees split on it,
 * straight lines between the knots of its own evidence. Holds within a range about the vector's own value. Immutable.
 */
final class ScoreLine {

    private static final int CUT_BISECTIONS = 12;

    private final double constant; // what does not depend on the feature
    private final TreePart[] parts;
    private final StepFunction[] steps; // of each part
    private final Evidence[] evidence;

    private ScoreLine(double constant, TreePart[] parts, StepFunction[] steps, Evidence[] evidence) {
        this.constant = constant;
        this.parts = parts;
        this.steps = steps;
        this.evidence = evidence;
    }

    /** The line of a vector, so far to either side of its own value of the feature, which is not NaN. */
    static ScoreLine of(FusedScore score, double[] vector, int column, double within) {
        float above = Math.nextDown((float) (vector[column] - within));
        float upTo = (float) (vector[column] + within);
        double constant = 0;
        TreePart[] parts = new TreePart[score.ensembles().size()];
        StepFunction[] steps = new StepFunction[parts.length];
        int along = 0;
        for (TreePart part : score.ensembles()) {
            float[] row = part.row(vector);
            int input = part.inputOf(column);
            if (input < 0) {
                constant += part.of(part.trees().score(row));
            } else {
                parts[along] = part;
                steps[along++] = StepFunction.along(part.trees(), input, row, above, upTo);
            }
        }
        Evidence[] evidence = new Evidence[score.evidence().size()];
        int own = 0;
        for (Evidence piece : score.evidence()) {
            if (piece.column() == column) {
                evidence[own++] = piece;
            } else {
                constant += piece.of(vector[piece.column()]);
            }
        }
        return new ScoreLine(
                constant, Arrays.copyOf(parts, along), Arrays.copyOf(steps, along), Arrays.copyOf(evidence, own));
    }

    /** The raw score, but for rounding, at a value that is not NaN. */
    double at(double value) {
        double sum = constant;
        for (int i = 0; i < parts.length; i++) {
            sum += parts[i].of(steps[i].at((float) value));
        }
        for (Evidence piece : evidence) {
            sum += piece.of(value);
        }
        return sum;
    }

    /**
     * Where the line has to be looked at to find the nearest value below a threshold on one side of {@code from}, nearest
     * first: between two places that follow each other it is straight, both included, or nowhere below the threshold. Left
     * out are the steps at which the trees alone keep the score above it, which are most.
     */
    double[] places(double from, int direction, double threshold) {
        double[] places = new double[64];
        int size = 0;
        for (int i = 0; i < parts.length; i++) {
            StepFunction function = steps[i];
            double cut = cut(i, from, direction, threshold);
            for (int step = 0; step < function.steps(); step++) {
                if (function.value(step) < cut || function.value(step + 1) < cut) {
                    places = size + 2 > places.length ? Arrays.copyOf(places, size * 2) : places;
                    places[size++] = function.threshold(step) * (double) direction; // still below the step
                    places[size++] = Math.nextUp(function.threshold(step)) * (double) direction;
                }
            }
        }
        for (Evidence piece : evidence) {
            double[] knots = piece.curve().x();
            places = Arrays.copyOf(places, size + knots.length);
            for (double knot : knots) {
                places[size++] = (piece.lower() ? -knot : knot) * direction;
            }
        }
        Arrays.sort(places, 0, size);
        int beyond = 0;
        for (int i = 0; i < size; i++) {
            if (places[i] > from * direction) {
                places[beyond++] = places[i] * direction;
            }
        }
        return Arrays.copyOf(places, beyond);
    }

    /** A sum of one part's trees that keeps the score at or above a threshold on one side, whatever else is there. */
    private double cut(int part, double from, int direction, double threshold) {
        double rest = constant;
        for (int i = 0; i < parts.length; i++) {
            rest += i == part ? 0 : parts[i].of(steps[i].least());
        }
        for (Evidence piece : evidence) {
            boolean falls = piece.lower() == direction > 0;
            rest += piece.of(falls ? direction * Double.MAX_VALUE : from);
        }
        double below = steps[part].least();
        double atOrAbove = Double.MAX_VALUE;
        if (rest + parts[part].of(below) >= threshold) {
            return below;
        }
        for (double reach = 1; reach < 1e9; reach *= 2) {
            if (rest + parts[part].of(below + reach) >= threshold) {
                atOrAbove = below + reach;
                break;
            }
        }
        for (int i = 0; i < CUT_BISECTIONS; i++) {
            double middle = below + (atOrAbove - below) / 2;
            if (rest + parts[part].of(middle) >= threshold) {
                atOrAbove = middle;
            } else {
                below = middle;
            }
        }
        return atOrAbove;
    }
}
