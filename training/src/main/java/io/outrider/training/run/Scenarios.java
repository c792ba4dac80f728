package io.outrider.training.run;

import io.outrider.core.pace.Pace;
import io.outrider.training.evaluation.ClusterBootstrap;
import io.outrider.training.evaluation.RankingMetrics;
import io.outrider.training.evaluation.WeightedRanking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well each kind of fraud is found that labels tell of: its frauds among all genuine rows. Measured is what does not depend on how
 * many frauds of other kinds there are, so no precision: {@code recall_at_threshold} and {@code auc}, with 95% intervals, beside the
 * number of {@code frauds}. Only of the most frequent kinds, and only where there are enough frauds, and of enough accounts: an interval
 * tells how accounts differ.
 */
final class Scenarios {

    /** Kinds of fraud that get metrics, the most frequent ones. */
    private static final int MOST = 6;

    private static final int MIN_FRAUDS = 10;

    /** Of fewer, the replicates that happen to leave out all of them, and so find nothing, would reach into the interval. */
    private static final int MIN_ACCOUNTS = 5;

    private final List<TestSlice.Row> genuine;
    private final List<Scenario> measured;
    private final List<Scenario> tooFew;

    private record Scenario(String name, List<TestSlice.Row> frauds) {

        long accounts() {
            return frauds.stream().mapToInt(TestSlice.Row::account).distinct().count();
        }

        boolean isEnough() {
            return frauds.size() >= MIN_FRAUDS && accounts() >= MIN_ACCOUNTS;
        }
    }

    private Scenarios(List<TestSlice.Row> genuine, List<Scenario> measured, List<Scenario> tooFew) {
        this.genuine = genuine;
        this.measured = measured;
        this.tooFew = tooFew;
    }

    /** Of labelled rows. */
    static Scenarios of(List<TestSlice.Row> rows) {
        Map<String, List<TestSlice.Row>> byName = new TreeMap<>();
        for (TestSlice.Row row : rows) {
            if (row.scenario() != null) {
                byName.computeIfAbsent(TestReport.plain(row.scenario()), name -> new ArrayList<>())
                        .add(row);
            }
        }
        List<Scenario> mostFirst = byName.entrySet().stream()
                .map(each -> new Scenario(each.getKey(), each.getValue()))
                .sorted((a, b) -> Integer.compare(b.frauds().size(), a.frauds().size()))
                .toList();
        return new Scenarios(
                rows.stream().filter(row -> !row.fraud()).toList(),
                mostFirst.stream().filter(Scenario::isEnough).limit(MOST).toList(),
                mostFirst.stream().filter(each -> !each.isEnough()).limit(MOST).toList());
    }

    /**
     * Adds each one's metrics, at a pace.
     *
     * @param accounts how many there are in all
     * @param threshold score of the model from which on a row alerts
     */
    void measure(Map<String, Double> metrics, int accounts, double threshold, RunSettings settings, Pace pace) {
        if (measured.isEmpty()) {
            return;
        }
        WeightedRanking[] rankings = new WeightedRanking[measured.size()];
        for (int i = 0; i < rankings.length; i++) {
            List<TestSlice.Row> rows = new ArrayList<>(measured.get(i).frauds());
            rows.addAll(genuine);
            rankings[i] = TestReport.ranking(rows, 0, threshold);
            pace.step();
        }
        double[][][] replicates =
                new ClusterBootstrap(accounts, settings.replicates(), settings.seed()).replicates(pace, rankings);
        for (int i = 0; i < rankings.length; i++) {
            String prefix = "scenario." + measured.get(i).name() + ".";
            metrics.put(prefix + "frauds", (double) measured.get(i).frauds().size());
            double[] values = rankings[i].metrics().values();
            for (int metric : new int[] {RankingMetrics.AUC, RankingMetrics.RECALL}) {
                String name = prefix + RankingMetrics.NAMES.get(metric);
                ClusterBootstrap.Interval interval = ClusterBootstrap.interval(replicates[i][metric]);
                TestReport.finite(metrics, name, values[metric]);
                TestReport.finite(metrics, name + ".low", interval.low());
                TestReport.finite(metrics, name + ".high", interval.high());
            }
        }
    }

    /** What is too rare to be measured. */
    List<String> notes() {
        return tooFew.stream()
                .map(each -> "frauds of the scenario " + each.name()
                        + " are too few, or of too few accounts, to be measured by" + " themselves: "
                        + each.frauds().size() + " of " + each.accounts())
                .toList();
    }
}
