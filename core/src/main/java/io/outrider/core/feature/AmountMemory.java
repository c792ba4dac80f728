package io.outrider.core.feature;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.Arrays;

/**
 * What an account usually spends: the last amounts, kept in arrival order and sorted at once, and mean, variance and
 * maximum of its past. Median and median absolute deviation need no sort: an arriving amount is inserted, the leaving
 * one removed, and the deviations are merged outward from the median. Amounts are kept as floats (7 digits). Belongs
 * to one thread.
 *
 * <p>Mean and variance follow Welford (1962) until {@code horizon} events, then forget exponentially with weight 1 /
 * horizon, so that an account's habits may change.
 */
final class AmountMemory {

    private final int capacity;
    private final int horizon;
    private float[] arrival = new float[4];
    private float[] sorted = new float[4];
    private int size;
    private int oldest;
    private int weight;
    private double mean;
    private double variance;
    private double max;

    AmountMemory(int capacity, int horizon) {
        this.capacity = capacity;
        this.horizon = horizon;
    }

    AmountMemory copy() {
        var copy = new AmountMemory(capacity, horizon);
        copy.arrival = arrival.clone();
        copy.sorted = sorted.clone();
        copy.size = size;
        copy.oldest = oldest;
        copy.weight = weight;
        copy.mean = mean;
        copy.variance = variance;
        copy.max = max;
        return copy;
    }

    /** How many past events mean and variance rest on, at most the horizon. */
    int weight() {
        return weight;
    }

    /** Mean of the past, NaN before the first event. */
    double mean() {
        return weight == 0 ? Double.NaN : mean;
    }

    /** Variance of the past (of the sample), NaN before the first event. */
    double variance() {
        return weight == 0 ? Double.NaN : variance;
    }

    /** Largest amount ever, NaN before the first event. */
    double max() {
        return weight == 0 ? Double.NaN : max;
    }

    /** Median of the last amounts, NaN before the first event. */
    double median() {
        if (size == 0) {
            return Double.NaN;
        }
        return ((double) sorted[(size - 1) / 2] + sorted[size / 2]) / 2;
    }

    /** Median absolute deviation from {@code median} of the last amounts, NaN before the first event. */
    double medianAbsoluteDeviation(double median) {
        if (size == 0) {
            return Double.NaN;
        }
        int below = (size - 1) / 2;
        int above = below + 1;
        double lower = 0;
        double upper = 0;
        for (int rank = 0; rank <= size / 2; rank++) {
            double down = below >= 0 ? median - sorted[below] : Double.POSITIVE_INFINITY;
            double up = above < size ? sorted[above] - median : Double.POSITIVE_INFINITY;
            if (rank == (size - 1) / 2) {
                lower = Math.min(down, up);
            }
            upper = Math.min(down, up);
            if (down <= up) {
                below--;
            } else {
                above++;
            }
        }
        return (lower + upper) / 2;
    }

    void add(double amount) {
        if (weight < horizon) {
            weight++;
        }
        double delta = amount - mean;
        mean += delta / weight;
        variance += (delta * (amount - mean) - variance) / weight;
        max = weight == 1 ? amount : Math.max(max, amount);
        remember((float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, amount)));
    }

    private void remember(float amount) {
        if (size == capacity) {
            removeSorted(arrival[oldest]);
            arrival[oldest] = amount;
            oldest = oldest + 1 == capacity ? 0 : oldest + 1;
        } else {
            if (size == arrival.length) {
                int larger = Math.min(capacity, size * 2);
                arrival = Arrays.copyOf(arrival, larger);
                sorted = Arrays.copyOf(sorted, larger);
            }
            arrival[size++] = amount;
        }
        insertSorted(amount);
    }

    private void removeSorted(float amount) {
        int at = Arrays.binarySearch(sorted, 0, size, amount);
        System.arraycopy(sorted, at + 1, sorted, at, size - at - 1);
    }

    private void insertSorted(float amount) {
        int found = Arrays.binarySearch(sorted, 0, size - 1, amount);
        int at = found < 0 ? -found - 1 : found;
        System.arraycopy(sorted, at, sorted, at + 1, size - 1 - at);
        sorted[at] = amount;
    }

    void write(StateWriter out) {
        out.unsigned(weight);
        if (weight == 0) {
            return;
        }
        out.decimal(mean);
        out.decimal(variance);
        out.decimal(max);
        out.unsigned(size);
        for (int i = 0; i < size; i++) {
            out.decimal(arrival[(oldest + i) % size]);
        }
    }

    void read(StateReader in) {
        weight = in.unsigned(horizon);
        if (weight == 0) {
            return;
        }
        mean = in.decimal();
        variance = in.decimal();
        max = in.decimal();
        size = in.unsigned(capacity);
        if (size == 0) {
            throw in.damaged("no amounts kept");
        }
        oldest = 0;
        arrival = new float[Math.max(4, size)];
        for (int i = 0; i < size; i++) {
            arrival[i] = in.decimalFloat();
        }
        sorted = arrival.clone();
        Arrays.sort(sorted, 0, size);
    }
}
