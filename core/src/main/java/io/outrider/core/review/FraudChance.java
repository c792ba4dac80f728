package io.outrider.core.review;

import io.outrider.core.alert.Severity;
import io.outrider.core.alert.Standing;
import java.util.Arrays;

/**
 * How likely a case is fraud: what labels say of alerts of its severity, and of the review sample, starting from a guess that weighs as
 * much as four labels (a hundred for the sample, where fraud is rare). For one thread.
 */
public final class FraudChance {

    private static final double[] GUESS = {0.15, 0.3, 0.5, 0.7, 0.002};
    private static final double[] GUESS_WEIGHT = {4, 4, 4, 4, 100};
    private static final int SAMPLE = 4;

    private final double[] chances = GUESS.clone();
    private final double[] fraud = new double[GUESS.length];
    private final double[] labelled = new double[GUESS.length];

    /** Nothing but the guess. */
    public FraudChance() {}

    /** As {@link #values} gave them. */
    public FraudChance(double[] values) {
        if (values.length != chances.length) {
            throw new IllegalArgumentException(values.length + " chances for " + chances.length + " kinds");
        }
        System.arraycopy(values, 0, chances, 0, chances.length);
    }

    /** Takes what is known of an alert. */
    public void learn(Severity severity, Standing standing) {
        learn(kind(severity), standing);
    }

    /** Takes what is known of a transaction of the sample. */
    public void learnSample(Standing standing) {
        learn(SAMPLE, standing);
    }

    private void learn(int kind, Standing standing) {
        if (standing != Standing.UNLABELLED) {
            labelled[kind]++;
            fraud[kind] += standing == Standing.FRAUD ? 1 : 0;
            chances[kind] = (fraud[kind] + GUESS[kind] * GUESS_WEIGHT[kind]) / (labelled[kind] + GUESS_WEIGHT[kind]);
        }
    }

    /** Of an alert of this severity. */
    public double of(Severity severity) {
        return chances[kind(severity)];
    }

    /** Of a transaction of the sample. */
    public double ofSample() {
        return chances[SAMPLE];
    }

    private static int kind(Severity severity) {
        return switch (severity) {
            case LOW -> 0;
            case MEDIUM -> 1;
            case HIGH -> 2;
            case CRITICAL -> 3;
        };
    }

    /** By severity, and that of the sample. */
    public double[] values() {
        return Arrays.copyOf(chances, chances.length);
    }
}
