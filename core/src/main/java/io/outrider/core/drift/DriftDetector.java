package io.outrider.core.drift;

import io.outrider.core.feature.Feature.Memory.Course;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Tests a window of traffic, a day, against what was usual: the windows of the same length at the same time of the weeks
 * before, so that what differs by hour and weekday cancels out; as long as there are fewer than {@value #MIN_WEEKS} of them,
 * the model's reference, which knows no weekdays and so shows large shifts only.
 *
 * <p>Per column two statistics: the largest difference of the distribution functions (Kolmogorov-Smirnov), which sees
 * shifts, and the population stability index, which sees bins come and go. Each becomes a p-value, the former by Kolmogorov's
 * distribution, the latter by the chi-squared one that it follows once multiplied by the harmonic sample size. That size is
 * not the number of events: those of an account resemble one another, and days differ. How much they do is measured between
 * the weeks before, as the ratio of their chi-squared statistic to its degrees of freedom (quasi-likelihood), and the size
 * divided by it. Seasons are what a line through the weeks expects ({@link UsualShares}). Over the columns p-values are adjusted by Holm's method, so that {@code level} is the chance of any false
 * finding in a window. What is significant and smaller than {@code minEffect} is not told: with enough events everything is
 * significant.
 *
 * <p>In a young system features change though nothing in the world does: transactions within 30 days rise for 30 days, an
 * account's transactions so far for ever. So a column is tested only where the history behind window and baseline was as long as
 * the feature looks back, and one that never comes to rest is not tested; {@link Findings#untested} says which. Immutable.
 *
 * @param level chance of a false finding per window, over all columns
 * @param minEffect least difference of distribution functions that is told, in (0, 1)
 * @param minReferenceEffect the same against the reference alone
 * @param minEvents in window and baseline, below which nothing is told
 */
public record DriftDetector(double level, double minEffect, double minReferenceEffect, long minEvents) {

    /** Weeks of history from which on the reference is not needed. */
    public static final int MIN_WEEKS = 2;

    private static final long LEAST_COUNT = 5;

    public DriftDetector {
        if (!(level > 0 && level < 1) || !(minEffect > 0 && minEffect < 1) || !(minReferenceEffect > 0)) {
            throw new IllegalArgumentException("drift: level and effects must be in (0, 1): " + level + ", " + minEffect
                    + ", " + minReferenceEffect);
        }
    }

    /**
     * A column's outcome.
     *
     * @param ks largest difference of the distribution functions, missing values as the highest
     * @param psi population stability index
     * @param pValue adjusted over all columns
     */
    public record Column(String name, double ks, double psi, double pValue, boolean drifted) {}

    /**
     * What was found, by columns and in words.
     *
     * @param untested columns that cannot be compared, and why not
     */
    public record Findings(
            String baseline, List<Column> columns, List<String> sentences, Map<String, String> untested) {

        public Findings {
            columns = List.copyOf(columns);
            sentences = List.copyOf(sentences);
            untested = Collections.unmodifiableMap(new LinkedHashMap<>(untested));
        }

        /** The same with more sentences behind them. */
        public Findings and(List<String> more) {
            List<String> all = new ArrayList<>(sentences);
            all.addAll(more);
            return new Findings(baseline, columns, all, untested);
        }

        /** Names of the columns that have drifted. */
        public List<String> drifted() {
            return columns.stream().filter(Column::drifted).map(Column::name).toList();
        }
    }

    /** A week with counts, so many before the window. */
    private record Past(int back, Period period) {}

    private record Tested(int index, double ks, double psi, double pValue) {}

    /**
     * Tests the columns of a window.
     *
     * @param columns in the order of the counts
     * @param weeks windows of the same length at the same time of the weeks before, the last first, of any number; without events
     *     where nothing is known of one
     * @param reference the model's, with the history behind its first rows
     */
    public Findings test(List<Watched> columns, Period window, List<Period> weeks, Period reference) {
        List<Past> known = known(weeks);
        boolean seasonal = known.size() >= MIN_WEEKS;
        List<Past> baseline = seasonal ? known : List.of(new Past(0, reference));
        DriftCounts before = baseline(weeks, reference);
        List<String> sentences = new ArrayList<>();
        List<Tested> tested = new ArrayList<>();
        Map<String, String> untested = new LinkedHashMap<>();
        if (window.counts().events() >= minEvents && before.events() >= minEvents) {
            for (int i = 0; i < columns.size(); i++) {
                Watched column = columns.get(i);
                List<Past> filled = baseline.stream()
                        .filter(past -> column.memory().isFilledBy(past.period().historyMs()))
                        .toList();
                if (column.memory().course() == Course.GROWING) {
                    untested.put(column.name(), "counts from the first event on, and so never comes to rest");
                } else if (column.memory().course() == Course.WEEKLY && !seasonal) {
                    untested.put(column.name(), "differs by weekday, and there are no two weeks to compare with");
                } else if (!column.memory().isFilledBy(window.historyMs())
                        || filled.size() < Math.min(baseline.size(), MIN_WEEKS)) {
                    untested.put(column.name(), young(column, window));
                } else {
                    tested.add(test(i, window.counts(), filled, seasonal));
                }
            }
        }
        String against = seasonal ? "the same time of the " + known.size() + " weeks before" : "the model's reference";
        double effect = seasonal ? minEffect : minReferenceEffect;
        return new Findings(against, adjusted(columns, tested, effect, sentences), sentences, untested);
    }

    /** The weeks before together, or the reference as long as there are too few: what is shown beside a window. */
    public static DriftCounts baseline(List<Period> weeks, Period reference) {
        List<Past> known = known(weeks);
        return known.size() < MIN_WEEKS
                ? reference.counts()
                : known.stream()
                        .map(past -> past.period().counts())
                        .reduce(DriftCounts::plus)
                        .orElseThrow();
    }

    private static List<Past> known(List<Period> weeks) {
        return IntStream.range(0, weeks.size())
                .mapToObj(i -> new Past(i + 1, weeks.get(i)))
                .filter(past -> past.period().counts().events() > 0)
                .toList();
    }

    private static String young(Watched column, Period window) {
        if (column.memory().lengthMs() == 0 || window.historyMs() < 0) {
            return "differs by hour, and the window is no whole day yet";
        }
        return String.format(
                Locale.ROOT,
                "looks back %.3g days, and the history behind window and baseline is shorter",
                column.memory().lengthMs() / 86_400_000.0);
    }

    private static Tested test(int column, DriftCounts window, List<Past> baseline, boolean seasonal) {
        List<UsualShares.Week> before = baseline.stream()
                .map(past -> new UsualShares.Week(
                        past.back(), past.period().counts().columns().get(column)))
                .toList();
        return test(
                column,
                window.columns().get(column),
                seasonal
                        ? UsualShares.of(before)
                        : UsualShares.ofReference(before.get(0).counts()));
    }

    private List<Column> adjusted(List<Watched> watched, List<Tested> tested, double effect, List<String> sentences) {
        List<Tested> order = new ArrayList<>(tested);
        order.sort(Comparator.comparingDouble(Tested::pValue));
        Column[] columns = new Column[watched.size()];
        double running = 0;
        for (int rank = 0; rank < order.size(); rank++) {
            Tested one = order.get(rank);
            running = Math.max(running, Math.min(1, one.pValue() * (order.size() - rank)));
            boolean drifted = running < level && one.ks() >= effect;
            String name = watched.get(one.index()).name();
            columns[one.index()] = new Column(name, one.ks(), one.psi(), running, drifted);
            if (drifted) {
                sentences.add(String.format(
                        Locale.ROOT, "%s is distributed otherwise (KS %.3f, PSI %.3f)", name, one.ks(), one.psi()));
            }
        }
        List<Column> all = new ArrayList<>();
        for (Column column : columns) {
            if (column != null) {
                all.add(column);
            }
        }
        return all;
    }

    private static Tested test(int index, long[] window, UsualShares usual) {
        double n = sum(window);
        double m = usual.size();
        if (n == 0 || m == 0) {
            return new Tested(index, 0, 0, 1);
        }
        double ks = 0;
        double psi = 0;
        double difference = 0;
        int bins = 0;
        for (int i = 0; i < window.length; i++) {
            double expected = usual.shares()[i];
            difference += window[i] / n - expected;
            ks = Math.max(ks, Math.abs(difference));
            if (window[i] + expected * m >= LEAST_COUNT) {
                bins++;
                double p = (window[i] + 0.5) / n; // half an event, so that an empty bin is no infinite surprise
                double q = expected + 0.5 / m;
                psi += (p - q) * StrictMath.log(p / q);
            }
        }
        double size = n * m / (n + m) / usual.dispersion();
        double byKs = kolmogorov(ks * Math.sqrt(size));
        double byPsi = bins < 2 ? 1 : chiSquared(psi * size, bins - 1);
        return new Tested(index, ks, psi, Math.min(1, 2 * Math.min(byKs, byPsi)));
    }

    private static double sum(long[] counts) {
        double sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** The chance of a larger Kolmogorov statistic. */
    private static double kolmogorov(double lambda) {
        if (lambda < 0.3) {
            return 1;
        }
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            double term = StrictMath.exp(-2.0 * k * k * lambda * lambda);
            sum += k % 2 == 1 ? term : -term;
        }
        return Math.max(0, Math.min(1, 2 * sum));
    }

    /** The chance of a larger chi-squared statistic, by Wilson and Hilferty's cube root and the normal tail. */
    private static double chiSquared(double statistic, int freedom) {
        double spread = 2.0 / (9 * freedom);
        double z = (Math.cbrt(Math.max(0, statistic) / freedom) - (1 - spread)) / Math.sqrt(spread);
        return normalTail(z);
    }

    /** Abramowitz and Stegun 26.2.17, to 7e-8; far out an upper bound. */
    private static double normalTail(double z) {
        if (z < 0) {
            return 1 - normalTail(-z);
        }
        double density = StrictMath.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        double t = 1 / (1 + 0.2316419 * z);
        double tail = density
                * t
                * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return Math.min(1, Math.max(0, tail));
    }
}
