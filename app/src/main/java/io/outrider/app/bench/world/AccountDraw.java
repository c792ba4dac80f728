package io.outrider.app.bench.world;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Which account the next event is of. Immutable. */
public final class AccountDraw {

    private final double[] cumulative;

    private AccountDraw(double[] weights) {
        this.cumulative = weights;
        Arrays.parallelPrefix(cumulative, Double::sum);
    }

    /**
     * A draw over accounts numbered from 0.
     *
     * @param spec {@code uniform}; {@code zipf:S}, the k-th account's weight being {@code k^-S} with S of 0 to 3;
     *     {@code hot:H}, one account having the share H, above 0 and below 1, of all events and the others the rest
     * @throws IllegalArgumentException if it is none of these
     */
    public static AccountDraw of(String spec, int accounts) {
        double[] weights = new double[accounts];
        Arrays.fill(weights, 1);
        int colon = spec.indexOf(':');
        String name = colon < 0 ? spec : spec.substring(0, colon);
        double number = colon < 0 ? Double.NaN : number(spec, colon);
        if (name.equals("zipf") && number >= 0 && number <= 3) {
            for (int i = 0; i < accounts; i++) {
                weights[i] = Math.pow(i + 1, -number);
            }
        } else if (name.equals("hot") && number > 0 && number < 1) {
            weights[0] = (accounts - 1) * number / (1 - number);
        } else if (!spec.equals("uniform")) {
            throw new IllegalArgumentException(
                    "a distribution is uniform, zipf:S with S of 0 to 3, or hot:H with H of 0 to 1: " + spec);
        }
        return new AccountDraw(weights);
    }

    private static double number(String spec, int colon) {
        try {
            return Double.parseDouble(spec.substring(colon + 1));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** The number of an account. */
    public int next(SplittableRandom random) {
        double at = random.nextDouble() * cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, at);
        return Math.min(cumulative.length - 1, found < 0 ? -found - 1 : found + 1);
    }
}
