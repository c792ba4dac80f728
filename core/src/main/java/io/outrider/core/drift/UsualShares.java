package io.outrider.core.drift;

import java.util.Arrays;
import java.util.List;

/**
 * How a column is usually shared out over its bins at the time of a window, and how sure that is.
 *
 * <p>From {@value #LINE} weeks on it is where the straight line through the weeks' shares arrives in the week of the window, by weighted
 * least squares. Seasons move slowly and all the time: the mean of four weeks is two and a half weeks old, and where the
 * peak of a day moves by an hour over the year, that alone is found again and again. The line costs sensitivity: it
 * is as sure as the mean of two thirds of a week. Of fewer weeks it is their mean.
 *
 * @param shares of the bins, together 1; all 0 if nothing was counted
 * @param size how many events would tell them as well, were they independent
 * @param dispersion how many times more weeks differ from the line than independent events would, at least 1 (quasi-likelihood)
 */
record UsualShares(double[] shares, double size, double dispersion) {

    /** Weeks from which on there is a line. */
    private static final int LINE = 3;

    /** Where no weeks tell. */
    private static final double UNKNOWN_DISPERSION = 10;

    private static final long LEAST_COUNT = 5;

    /**
     * A week's counts by bin.
     *
     * @param back how many weeks before the window
     */
    record Week(int back, long[] counts) {

        double size() {
            return Arrays.stream(counts).sum();
        }
    }

    /** The weights of a line: how much a share rises in a week is the weights' sum over what was counted. */
    private record Slope(double middle, double spread, boolean line) {

        static Slope of(List<Week> weeks) {
            double size = weeks.stream().mapToDouble(Week::size).sum();
            double middle = weeks.stream()
                            .mapToDouble(week -> week.size() * week.back())
                            .sum()
                    / size;
            double spread = weeks.stream()
                    .mapToDouble(week -> week.size() * (week.back() - middle) * (week.back() - middle))
                    .sum();
            return new Slope(middle, spread, weeks.size() >= LINE);
        }

        double of(List<Week> weeks, int bin) {
            return line
                    ? weeks.stream()
                                    .mapToDouble(week -> (middle - week.back()) * week.counts()[bin])
                                    .sum()
                            / spread
                    : 0;
        }

        /** How many events tell as much of the window's week as those of the weeks do by the line. */
        double size(double events) {
            return line ? 1 / (1 / events + middle * middle / spread) : events;
        }
    }

    /** Of a model's reference, which knows no weeks. */
    static UsualShares ofReference(long[] counts) {
        double size = Arrays.stream(counts).sum();
        return new UsualShares(
                Arrays.stream(counts)
                        .mapToDouble(count -> size == 0 ? 0 : count / size)
                        .toArray(),
                size,
                UNKNOWN_DISPERSION);
    }

    /** Of at least two weeks. */
    static UsualShares of(List<Week> all) {
        List<Week> weeks = all.stream().filter(week -> week.size() > 0).toList();
        double[] shares = new double[all.get(0).counts().length];
        if (weeks.isEmpty()) {
            return new UsualShares(shares, 0, 1);
        }
        double events = weeks.stream().mapToDouble(Week::size).sum();
        Slope slope = Slope.of(weeks);
        double statistic = 0;
        int used = 0;
        for (int bin = 0; bin < shares.length; bin++) {
            int at = bin;
            double counted =
                    weeks.stream().mapToDouble(week -> week.counts()[at]).sum();
            double mean = counted / events;
            double rise = slope.of(weeks, bin);
            shares[bin] = Math.max(0, mean + rise * slope.middle());
            if (counted >= LEAST_COUNT * weeks.size()) {
                used++;
                for (Week week : weeks) {
                    double share = Math.max(mean / 2, mean + rise * (slope.middle() - week.back()));
                    double off = week.counts()[bin] - week.size() * share;
                    statistic += off * off / (week.size() * share);
                }
            }
        }
        double sum = Arrays.stream(shares).sum();
        Arrays.setAll(shares, bin -> shares[bin] / sum);
        int freedom = (weeks.size() - (slope.line() ? 2 : 1)) * (used - 1);
        double dispersion = freedom < 1 ? UNKNOWN_DISPERSION : Math.max(1, margin(freedom) * statistic / freedom);
        return new UsualShares(shares, slope.size(events), dispersion);
    }

    /** Few degrees of freedom may show too little: the factor to an outcome one deviation too low. */
    private static double margin(int freedom) {
        double cubeRoot = 1 - 2.0 / (9 * freedom) - Math.sqrt(2.0 / (9 * freedom)); // Wilson and Hilferty
        return 1 / Math.max(0.1, cubeRoot * cubeRoot * cubeRoot);
    }
}
