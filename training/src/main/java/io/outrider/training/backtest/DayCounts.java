package io.outrider.training.backtest;

import io.outrider.core.backtest.BacktestResult;
import io.outrider.training.dataset.DatasetManifest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** From days as they were to a day to come. */
final class DayCounts {

    /** The 97.5% quantile of the normal distribution. */
    private static final double NORMAL = 1.96;

    private DayCounts() {}

    /** Days without the dataset's first and last, which may be incomplete, where there are enough. */
    static List<BacktestResult.Day> whole(List<BacktestResult.Day> days, DatasetManifest dataset) {
        Set<String> ends = ends(dataset);
        return days.size() > 4
                ? days.stream().filter(day -> !ends.contains(day.date())).toList()
                : days;
    }

    /** Which days count for means and intervals, in words; empty for all of them, and whole ones. */
    static String note(List<BacktestResult.Day> days, DatasetManifest dataset) {
        Set<String> ends = ends(dataset);
        List<String> cut = days.stream()
                .map(BacktestResult.Day::date)
                .filter(ends::contains)
                .toList();
        if (cut.isEmpty()) {
            return "";
        }
        int counted = whole(days, dataset).size();
        return String.format(
                Locale.ROOT,
                "the mean and the interval for a day to come are of %s: at %s the dataset begins or ends, so that %s may be incomplete",
                counted == days.size()
                        ? "all " + counted + " days, too few to leave any out"
                        : "the other " + counted + " days",
                String.join(" and ", cut),
                cut.size() > 1 ? "they" : "it");
    }

    private static Set<String> ends(DatasetManifest dataset) {
        TreeSet<String> dates = new TreeSet<>();
        dataset.files().forEach(file -> dates.add(file.date()));
        return dates.isEmpty() ? Set.of() : new TreeSet<>(List.of(dates.first(), dates.last()));
    }

    /** Alerts a day: they scatter as the days did, but never less than a Poisson count. */
    static BacktestResult.Predicted alerts(List<BacktestResult.Day> days) {
        double mean = mean(days, BacktestResult.Day::alerts);
        return interval(mean, Math.max(mean, variance(days, BacktestResult.Day::alerts, mean)), days.size());
    }

    /** Episodes a day, likewise. */
    static BacktestResult.Predicted episodes(List<BacktestResult.Day> days) {
        double mean = mean(days, BacktestResult.Day::episodes);
        return interval(mean, Math.max(mean, variance(days, BacktestResult.Day::episodes, mean)), days.size());
    }

    /** The same as a share of the events. */
    static BacktestResult.Predicted rate(List<BacktestResult.Day> days) {
        ToDoubleFunction<BacktestResult.Day> rate = day -> day.alerts() / Math.max(1.0, (double) day.events());
        double mean = mean(days, rate);
        double events = Math.max(1, mean(days, BacktestResult.Day::events));
        return interval(mean, Math.max(mean / events, variance(days, rate, mean)), days.size());
    }

    /** Mean and 95% interval of a day to come: Student's, since the variance is estimated from the days. */
    private static BacktestResult.Predicted interval(double mean, double variance, int days) {
        if (days == 0) {
            return new BacktestResult.Predicted(0, 0, 0);
        }
        // One day tells nothing of how days scatter: its variance is that of a count, and not estimated.
        double deviations = days == 1 ? NORMAL : StudentT.quantile975(days - 1);
        double half = deviations * Math.sqrt(variance * (1 + 1.0 / days));
        return new BacktestResult.Predicted(mean, Math.max(0, mean - half), mean + half);
    }

    private static double mean(List<BacktestResult.Day> days, ToDoubleFunction<BacktestResult.Day> of) {
        return days.stream().mapToDouble(of).average().orElse(0);
    }

    private static double variance(
            List<BacktestResult.Day> days, ToDoubleFunction<BacktestResult.Day> of, double mean) {
        double squares = days.stream()
                .mapToDouble(day -> (of.applyAsDouble(day) - mean) * (of.applyAsDouble(day) - mean))
                .sum();
        return days.size() < 2 ? 0 : squares / (days.size() - 1);
    }
}
