package io.outrider.http;

import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.drift.DriftCounts;
import io.outrider.core.drift.DriftDetector;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.drift.PrecisionChange;
import io.outrider.core.model.Histogram;
import io.outrider.core.port.ClusterNodes;
import io.outrider.core.port.DataQuality;
import io.outrider.core.review.Share;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a node tells of batch work and of its cluster, always the same. */
final class FakeReports {

    private static final ClusterNodes.Membership CLUSTER = new ClusterNodes.Membership(
            List.of(
                    new ClusterNodes.Node(
                            "10.0.0.1:7355", "up", List.of("api", "detection"), true, true, List.of(0, 2)),
                    new ClusterNodes.Node("10.0.0.2:7355", "up", List.of("detection"), false, false, List.of(1))),
            List.of(3));

    private FakeReports() {}

    static CompletionStage<ClusterNodes.Membership> cluster() {
        return CompletableFuture.completedFuture(CLUSTER);
    }

    static CompletionStage<Optional<DataQuality.Report>> quality() {
        var counts = new DataQuality.Counts(
                990,
                Map.of("not-json", 10L),
                2,
                3,
                4,
                List.of(
                        new DataQuality.Column("amount", 1, 0.5, 900.0),
                        new DataQuality.Column("f_z", 990, null, null)));
        return CompletableFuture.completedFuture(Optional.of(new DataQuality.Report(
                "transactions", 7, "2026-03-01T12:00:00Z", List.of("1.0% of the records are bad"), counts, counts)));
    }

    static CompletionStage<Optional<BacktestResult>> backtest(String run) {
        var predicted = new BacktestResult.Predicted(2.5, 0, 6.1);
        var changed = new BacktestResult.Changed("t-1", "4711", "2026-03-01T12:00:00Z", 912.4, 0.998, 0.42);
        var result = new BacktestResult(
                "m2",
                "m1",
                2_000,
                List.of(new BacktestResult.Day("2026-03-01", 1_000, 3, 2, 2, 1)),
                predicted,
                predicted,
                new BacktestResult.Predicted(0.0025, 0, Double.NaN),
                Map.of("auc", 0.9),
                new BacktestResult.Changes(1, List.of(changed)),
                new BacktestResult.Changes(0, List.of()),
                List.of("no labels"),
                1.5,
                1_333);
        return CompletableFuture.completedFuture(run.equals("backtest-1") ? Optional.of(result) : Optional.empty());
    }

    static CompletionStage<DriftReport> drift() {
        var column = new DriftDetector.Column("log_amount", 0.2, Double.NaN, 0.001, true);
        return CompletableFuture.completedFuture(new DriftReport(
                "forest-20260301-1",
                Examples.TIME_MS - 86_400_000,
                Examples.TIME_MS,
                9_000,
                new DriftDetector.Findings(
                        "the model's reference",
                        List.of(column),
                        List.of("log_amount moved"),
                        Map.of("events", "grows")),
                List.of(new DriftReport.Overlay(bins(8_000, 1_000), bins(1_000, 8_000))),
                Map.of("device", new DriftCounts.Field(8_900, Map.of("mobile", 6_000L, "desktop", 2_900L))),
                new PrecisionChange(Share.of(5, 40), 40, Share.of(30, 40), 40)));
    }

    private static Histogram bins(long... counts) {
        return new Histogram("log_amount", new double[] {3.5}, counts, 7);
    }
}
