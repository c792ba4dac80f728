package io.outrider.training.run;

import io.outrider.core.pace.Pace;
import io.outrider.training.evaluation.ClusterBootstrap;
import io.outrider.training.evaluation.RankingMetrics;
import io.outrider.training.evaluation.WeightedRanking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the test slice says of a model: metrics by name, each with the ends of its 95% interval under {@code .low} and {@code
 * .high}; the curve of precision against recall under {@code precision_at_recall.PERCENT}; those of a segment under {@code segment.COLUMN.VALUE.},
 * those of a kind of fraud under {@code scenario.NAME.} ({@link Scenarios}), those of what it was compared with under {@code baseline.NAME.}
 *
 * @param metrics by name; what is undefined is left out
 * @param worseThan one sentence for each baseline that is clearly better
 * @param notes what could not be measured, and why
 */
record TestReport(Map<String, Double> metrics, List<String> worseThan, List<String> notes) {

    /** Values of a segment's column that get metrics, the most frequent ones. */
    private static final int SEGMENTS = 6;

    private static final int CURVE_POINTS = 20;

    static TestReport of(TestSlice test, List<Scorer> scorers, RunSettings settings, Pace pace) {
        Map<String, Double> metrics = new TreeMap<>();
        List<String> worse = new ArrayList<>();
        List<String> notes = new ArrayList<>(test.notes());
        metrics.put("test_rows", (double) test.rows());
        metrics.put("alert_rate", test.alertRate());
        List<TestSlice.Row> rows = test.labelled();
        long frauds = rows.stream().filter(TestSlice.Row::fraud).count();
        metrics.put("test_labelled", (double) rows.size());
        metrics.put("test_frauds", (double) frauds);
        String lacking = lacking(frauds, rows.size(), settings.gate().minFrauds());
        if (!lacking.isEmpty()) {
            notes.add(lacking + ": nothing was measured or compared");
            return new TestReport(metrics, worse, notes);
        }
        WeightedRanking[] rankings = new WeightedRanking[scorers.size()];
        for (int i = 0; i < rankings.length; i++) {
            rankings[i] = ranking(rows, i, scorers.get(i).threshold());
            pace.step();
        }
        double[][][] replicates = new ClusterBootstrap(test.accounts(), settings.replicates(), settings.seed())
                .replicates(pace, rankings);
        for (int i = 0; i < rankings.length; i++) {
            String prefix = i == 0 ? "" : "baseline." + scorers.get(i).name() + ".";
            RankingMetrics measured = rankings[i].metrics();
            put(
                    metrics,
                    prefix,
                    measured,
                    replicates[i],
                    Double.isInfinite(scorers.get(i).threshold()));
            double[] curve = rankings[i].precisionAtRecalls(CURVE_POINTS);
            for (int point = 0; point < curve.length; point++) {
                int percent = 100 * (point + 1) / CURVE_POINTS;
                metrics.put(String.format(Locale.ROOT, "%sprecision_at_recall.%02d", prefix, percent), curve[point]);
            }
            finite(metrics, prefix + "card_precision_100", test.cardPrecision(i));
            if (i > 0) {
                ClusterBootstrap.Interval gain = ClusterBootstrap.difference(
                        replicates[0][RankingMetrics.AVERAGE_PRECISION],
                        replicates[i][RankingMetrics.AVERAGE_PRECISION]);
                finite(metrics, prefix + "gain.low", gain.low());
                finite(metrics, prefix + "gain.high", gain.high());
                if (gain.high() < 0) {
                    worse.add(sentence(scorers.get(i).name(), rankings[0].metrics(), measured, gain));
                }
            }
        }
        segments(metrics, rows, test.accounts(), scorers.get(0).threshold(), settings, pace);
        Scenarios scenarios = Scenarios.of(rows);
        scenarios.measure(metrics, test.accounts(), scorers.get(0).threshold(), settings, pace);
        notes.addAll(scenarios.notes());
        return new TestReport(metrics, worse, notes);
    }

    /** Why labelled rows don't serve to measure; empty where they do. */
    static String lacking(long frauds, int labelled, int minFrauds) {
        if (frauds < minFrauds) {
            return "the test slice has " + frauds + " frauds among " + labelled + " labelled rows, fewer than "
                    + minFrauds;
        }
        return frauds < labelled
                ? ""
                : "all " + labelled + " labelled rows of the test slice are frauds, and none is genuine";
    }

    private static String sentence(
            String baseline, RankingMetrics model, RankingMetrics other, ClusterBootstrap.Interval gain) {
        return String.format(
                Locale.ROOT,
                "worse than the baseline %s: average precision %.4f, the baseline's %.4f (difference %.4f to %.4f)",
                baseline,
                model.averagePrecision(),
                other.averagePrecision(),
                gain.low(),
                gain.high());
    }

    static WeightedRanking ranking(List<TestSlice.Row> rows, int scorer, double threshold) {
        double[] scores = new double[rows.size()];
        boolean[] frauds = new boolean[scores.length];
        int[] accounts = new int[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = rows.get(i).scores()[scorer];
            frauds[i] = rows.get(i).fraud();
            accounts[i] = rows.get(i).account();
        }
        return new WeightedRanking(scores, frauds, accounts, threshold);
    }

    private static void put(
            Map<String, Double> metrics,
            String prefix,
            RankingMetrics measured,
            double[][] replicates,
            boolean rankingOnly) {
        double[] values = measured.values();
        for (int metric = 0; metric < values.length; metric++) {
            String name = RankingMetrics.NAMES.get(metric);
            if (rankingOnly && (name.endsWith("_at_threshold") || name.equals("alert_rate"))) {
                continue;
            }
            ClusterBootstrap.Interval interval = ClusterBootstrap.interval(replicates[metric]);
            metrics.computeIfAbsent(
                    prefix + name, key -> Double.isFinite(values[index(name)]) ? values[index(name)] : null);
            if (prefix.isEmpty() && name.equals("alert_rate")) {
                continue; // that is of all rows, the replicates are of the labelled ones
            }
            finite(metrics, prefix + name + ".low", interval.low());
            finite(metrics, prefix + name + ".high", interval.high());
        }
    }

    /** A name as a part of a metric's. */
    static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private static int index(String name) {
        return RankingMetrics.NAMES.indexOf(name);
    }

    static void finite(Map<String, Double> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, value);
        }
    }

    /**
     * Adds the metrics of each segment column's most frequent values; those that a metric's name does not tell apart are one.
     *
     * @param accounts how many there are in all
     * @param threshold score of the model from which on a row alerts
     */
    static void segments(
            Map<String, Double> metrics,
            List<TestSlice.Row> rows,
            int accounts,
            double threshold,
            RunSettings settings,
            Pace pace) {
        for (int column = 0; column < settings.segments().size(); column++) {
            Map<String, List<TestSlice.Row>> byValue = new LinkedHashMap<>();
            for (TestSlice.Row row : rows) {
                String value = row.segments()[column];
                if (value != null) {
                    byValue.computeIfAbsent(plain(value), key -> new ArrayList<>())
                            .add(row);
                }
            }
            String name = settings.segments().get(column);
            byValue.entrySet().stream()
                    .sorted((a, b) -> a.getValue().size() == b.getValue().size()
                            ? a.getKey().compareTo(b.getKey())
                            : Integer.compare(b.getValue().size(), a.getValue().size()))
                    .limit(SEGMENTS)
                    .forEach(entry -> {
                        WeightedRanking ranking = ranking(entry.getValue(), 0, threshold);
                        segment(
                                metrics,
                                "segment." + name + "." + entry.getKey() + ".",
                                ranking,
                                entry.getValue(),
                                new ClusterBootstrap(accounts, settings.replicates(), settings.seed())
                                        .replicates(pace, ranking)[0]);
                    });
        }
    }

    private static void segment(
            Map<String, Double> metrics,
            String prefix,
            WeightedRanking ranking,
            List<TestSlice.Row> rows,
            double[][] replicates) {
        metrics.put(prefix + "rows", (double) rows.size());
        metrics.put(prefix + "frauds", (double)
                rows.stream().filter(TestSlice.Row::fraud).count());
        put(metrics, prefix, ranking.metrics(), replicates, false);
    }
}
