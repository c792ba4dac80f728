package io.outrider.core.model;

import io.outrider.core.pace.Pace;
import java.util.Arrays;
import java.util.List;

/**
 * The raw score of a feature vector: one sum of independent evidence, mostly in nats,
 *
 * <pre>raw(x) = sum over ensembles of weight * curve(trees(x)) + sum over features of weight * curve(x[feature])</pre>
 *
 * <p>For a model without labels the ensemble is an isolation forest under the surprise of its score, and the features
 * are amount and robust z under theirs: -ln of the share of training rows that reach as far. Were the pieces
 * independent, the sum would be the surprise of seeing all of them together (Fisher's method). Immutable and shared.
 */
public final class FusedScore {

    private static final int BATCH_ROWS = 512;

    private final TreePart[] ensembles;
    private final Evidence[] evidence;
    private final EnsembleAttribution[] attributions;
    private final double expected;

    public FusedScore(List<TreePart> ensembles, List<Evidence> evidence) {
        if (ensembles.isEmpty() && evidence.isEmpty()) {
            throw new IllegalArgumentException("a score needs an ensemble or evidence");
        }
        this.ensembles = ensembles.toArray(TreePart[]::new);
        this.evidence = evidence.toArray(Evidence[]::new);
        this.attributions = new EnsembleAttribution[this.ensembles.length];
        Arrays.setAll(attributions, k -> new EnsembleAttribution(this.ensembles[k].trees()));
        double sum = 0;
        for (TreePart part : ensembles) {
            sum += part.of(part.trees().expected());
        }
        for (Evidence piece : evidence) {
            sum += piece.weight() * piece.expected();
        }
        this.expected = sum;
    }

    public List<TreePart> ensembles() {
        return List.of(ensembles);
    }

    public List<Evidence> evidence() {
        return List.of(evidence);
    }

    /** Scratch space for {@link #raw}, of any model with at most so many features. */
    public static float[] scratch(int features) {
        return new float[Math.max(1, features)];
    }

    /**
     * The raw score of a plan's vector.
     *
     * @param scratch at least as long as the vector; its content is lost
     */
    public double raw(double[] vector, float[] scratch) {
        double sum = 0;
        for (TreePart part : ensembles) {
            part.gather(vector, scratch);
            sum += part.of(part.trees().score(scratch));
        }
        for (Evidence piece : evidence) {
            sum += piece.of(vector[piece.column()]);
        }
        return sum;
    }

    /** Raw scores of the first so many vectors, each to the bit what it is alone. */
    public double[] raw(double[][] vectors, int count) {
        double[] scores = new double[count];
        double[] sums = new double[count];
        for (TreePart part : ensembles) {
            float[][] rows = new float[count][part.columns().length];
            for (int i = 0; i < count; i++) {
                part.gather(vectors[i], rows[i]);
            }
            part.trees().score(rows, count, sums);
            for (int i = 0; i < count; i++) {
                scores[i] += part.of(sums[i]);
            }
        }
        for (Evidence piece : evidence) {
            for (int i = 0; i < count; i++) {
                scores[i] += piece.of(vectors[i][piece.column()]);
            }
        }
        return scores;
    }

    /** Raw scores of all rows, in order. */
    public double[] raw(FeatureMatrix rows) {
        return raw(rows, Pace.FULL);
    }

    /** The same at a pace. */
    public double[] raw(FeatureMatrix rows, Pace pace) {
        double[][] vectors = new double[BATCH_ROWS][rows.width()];
        double[] scores = new double[rows.rows()];
        for (int from = 0; from < scores.length; from += BATCH_ROWS) {
            int count = Math.min(BATCH_ROWS, scores.length - from);
            for (int i = 0; i < count; i++) {
                rows.copyRow(from + i, vectors[i]);
            }
            System.arraycopy(raw(vectors, count), 0, scores, from, count);
            pace.step();
        }
        return scores;
    }

    /** The raw score of the expected evidence: where attribution starts. */
    public double expected() {
        return expected;
    }

    /**
     * Attributes a raw score to the features: adds each one's part to {@code into}, which has one entry per feature of
     * the plan; the parts sum to (raw - expected). A feature's direct evidence is its own. An ensemble's sum is shared by
     * TreeSHAP, and those shares are stretched by the mean slope of the curve between the expected sum and the actual
     * one, so that they still add up behind the curve.
     */
    void explain(double[] vector, double[] into) {
        for (int k = 0; k < ensembles.length; k++) {
            TreePart part = ensembles[k];
            float[] row = part.row(vector);
            double[] shares = new double[part.trees().inputs()];
            attributions[k].explain(row, shares);
            double from = part.of(part.trees().expected());
            double to = part.of(part.trees().score(row));
            double sum = 0;
            for (double share : shares) {
                sum += share;
            }
            double slope = sum == 0 ? 0 : (to - from) / sum;
            for (int i = 0; i < shares.length; i++) {
                into[part.columns()[i]] += slope * shares[i];
            }
        }
        for (Evidence piece : evidence) {
            into[piece.column()] += piece.of(vector[piece.column()]) - piece.weight() * piece.expected();
        }
    }
}
