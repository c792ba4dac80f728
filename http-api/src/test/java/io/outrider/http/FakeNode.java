package io.outrider.http;

import io.outrider.core.account.AccountView;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.alert.AlertLikeness;
import io.outrider.core.alert.Severity;
import io.outrider.core.alert.Standing;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.decision.Assessment;
import io.outrider.core.drift.DriftDetector;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.drift.PrecisionChange;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.model.Histogram;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.ClusterNodes;
import io.outrider.core.port.DataQuality;
import io.outrider.core.port.LabelIntake;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.port.Reviews;
import io.outrider.core.port.TransactionIntake;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.port.WhatIf;
import io.outrider.core.review.PrecisionRecallCurve;
import io.outrider.core.review.Share;
import io.outrider.core.review.Tally;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.jspecify.annotations.Nullable;

/** A node in memory: what the ports would answer, settable. Thread-safe. */
final class FakeNode
        implements AccountQueries, AlertFeed, AlertSearch, Reviews, TransactionIntake, LabelIntake, WhatIf, NodeStatus {

    private static final int STREAM_BUFFER = 16;
    private static final ClusterNodes.Membership CLUSTER = new ClusterNodes.Membership(
            List.of(
                    new ClusterNodes.Node(
                            "10.0.0.1:7355", "up", List.of("api", "detection"), true, true, List.of(0, 2)),
                    new ClusterNodes.Node("10.0.0.2:7355", "up", List.of("detection"), false, false, List.of(1))),
            List.of(3));

    final LiveMetrics metrics = new LiveMetrics();
    final FakeModels models = new FakeModels();
    final FakeRuns runs = new FakeRuns();
    private final FakeRollouts rollouts = new FakeRollouts();
    private final TreeMap<String, AccountView> accounts = new TreeMap<>();
    private final List<Item> alerts = new ArrayList<>();
    private final List<SubmissionPublisher<Item>> subscribers = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();
    private final List<byte[]> submitted = new ArrayList<>();
    private @Nullable RuntimeException failure;
    private volatile boolean labelsKnown = true;
    private Snapshot snapshot = new Snapshot(true, List.of(), "forest-20260301-1", List.of(0, 1, 2, 3, 4, 5, 6, 7));

    /** As a node is that has just started. */
    void readsLabelsStill() {
        labelsKnown = false;
    }

    HttpPorts ports() {
        return new HttpPorts(
                this,
                this,
                this,
                new FakeLake(),
                this,
                this,
                this,
                this,
                runs,
                FakeNode::backtest,
                rollouts,
                FakeNode::drift,
                models,
                () -> CompletableFuture.completedFuture(CLUSTER),
                FakeNode::quality,
                this,
                metrics,
                EventSchema.TRANSACTIONS,
                new FakeErasures(),
                Tracing.OFF);
    }

    private static CompletionStage<Optional<DataQuality.Report>> quality() {
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

    private static CompletionStage<Optional<BacktestResult>> backtest(String run) {
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

    private static CompletionStage<DriftReport> drift() {
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
                new PrecisionChange(Share.of(5, 40), 40, Share.of(30, 40), 40)));
    }

    private static Histogram bins(long... counts) {
        return new Histogram("log_amount", new double[] {3.5}, counts, 7);
    }

    synchronized void add(AccountView account) {
        accounts.put(account.account(), account);
    }

    synchronized void add(Alert alert) {
        add(alert, false);
    }

    /** As {@link #add(Alert)}, after some that are no longer kept if so said. */
    synchronized void add(Alert alert, boolean afterGap) {
        Item item = new Item("c" + (alerts.size() + 1), alert, afterGap);
        alerts.add(item);
        metrics.alerts.increment();
        subscribers.removeIf(subscriber -> {
            if (subscriber.offer(item, null) >= 0) {
                return false;
            }
            subscriber.closeExceptionally(new UnavailableException("the client reads too slowly"));
            return true;
        });
    }

    /** What every port but the feed's stream fails with from now on; null for nothing. */
    synchronized void failWith(@Nullable RuntimeException error) {
        failure = error;
    }

    synchronized void become(Snapshot next) {
        snapshot = next;
    }

    synchronized List<byte[]> submitted() {
        return List.copyOf(submitted);
    }

    synchronized int subscribers() {
        return subscribers.size();
    }

    @Override
    public synchronized CompletionStage<Optional<AccountView>> account(String account) {
        return failure != null
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture(Optional.ofNullable(accounts.get(account)));
    }

    @Override
    public synchronized CompletionStage<List<AccountView>> accounts(@Nullable String after, int limit) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        var above = after == null ? accounts : accounts.tailMap(after, false);
        return CompletableFuture.completedFuture(
                above.values().stream().limit(limit).toList());
    }

    synchronized void add(Label label) {
        labels.add(label);
    }

    @Override
    public synchronized CompletionStage<AlertSearch.Page> search(
            AlertFilter filter, Order order, @Nullable String cursor, int limit) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (cursor != null && !cursor.matches("c\\d{1,9}")) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("no cursor"));
        }
        Comparator<Alert> highest = Comparator.comparingDouble(alert -> switch (order) {
            case NEWEST -> alert.transaction().eventTimeMs();
            case SCORE -> alert.score();
            case AMOUNT -> alert.transaction().amount();
        });
        List<Found> found = alerts.stream()
                .map(Item::alert)
                .sorted(highest.reversed())
                .map(this::found)
                .filter(each -> filter.matches(each.alert(), each.label()))
                .toList();
        int from = Math.min(found.size(), cursor == null ? 0 : place(cursor));
        int to = Math.min(found.size(), from + limit);
        return CompletableFuture.completedFuture(
                new AlertSearch.Page(found.subList(from, to), to < found.size() ? "c" + to : null, false));
    }

    @Override
    public synchronized CompletionStage<Optional<Found>> findStored(String id) {
        return CompletableFuture.completedFuture(find(id).map(this::found));
    }

    @Override
    public synchronized CompletionStage<Optional<List<Similar>>> similar(String id, int limit) {
        return CompletableFuture.completedFuture(find(id).map(alert -> alerts.stream()
                .map(Item::alert)
                .filter(other -> !other.id().equals(id))
                .map(other -> new Similar(new AlertLikeness(alert).to(other), found(other)))
                .limit(limit)
                .toList()));
    }

    @Override
    public synchronized CompletionStage<Optional<Replay>> replay(String id) {
        return CompletableFuture.completedFuture(
                find(id).map(alert -> new Replay(alert.modelVersion(), alert.score(), alert.score(), true)));
    }

    @Override
    public synchronized CompletionStage<List<Known>> transaction(@Nullable String account, String transactionId) {
        return CompletableFuture.completedFuture(alerts.stream()
                .map(Item::alert)
                .filter(alert -> alert.transaction().transactionId().equals(transactionId))
                .filter(alert ->
                        account == null || account.equals(alert.transaction().account()))
                .map(alert -> new Known(alert, null, found(alert).label()))
                .toList());
    }

    @Override
    public synchronized CompletionStage<Queue> queue(
            AlertFilter.Period period, @Nullable Kind kind, @Nullable String cursor, int limit) {
        if (cursor != null) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("no cursor"));
        }
        List<Case> items = alerts.stream()
                .map(Item::alert)
                .map(alert -> new Case(
                        alert,
                        null,
                        found(alert).label(),
                        0.5,
                        0.5 * alert.transaction().amount()))
                .limit(limit)
                .toList();
        return CompletableFuture.completedFuture(new Queue(items, new AlertFilter.Period(0, 1), null));
    }

    @Override
    public synchronized CompletionStage<Performance> performance(AlertFilter.Period period, Segment segment) {
        Tally tally = new Tally();
        alerts.forEach(item -> tally.alert(Standing.of(found(item.alert()).label())));
        return CompletableFuture.completedFuture(new Performance(
                new AlertFilter.Period(0, 1),
                0.005,
                tally,
                List.of(new Group("m1", tally)),
                List.of(new PrecisionRecallCurve.Point(0.9, 1, 0.5))));
    }

    @Override
    public boolean knowsLabels() {
        return labelsKnown;
    }

    @Override
    public synchronized List<Label> labels(String account, String transactionId) {
        return labels.stream()
                .filter(label ->
                        label.account().equals(account) && label.transactionId().equals(transactionId))
                .toList();
    }

    private Found found(Alert alert) {
        return new Found(
                alert,
                labels(alert.transaction().account(), alert.transaction().transactionId()).stream()
                        .reduce((one, other) -> other.replaces(one) ? other : one)
                        .orElse(null));
    }

    @Override
    public synchronized Optional<Alert> find(String id) {
        return alerts.stream()
                .map(Item::alert)
                .filter(alert -> alert.id().equals(id))
                .findFirst();
    }

    @Override
    public synchronized AlertFeed.Page page(@Nullable String account, @Nullable String cursor, int limit) {
        if (failure != null) {
            throw failure;
        }
        List<Alert> found = new ArrayList<>();
        int place = cursor == null ? alerts.size() : place(cursor);
        while (place > 0 && found.size() < limit) {
            place--;
            Alert alert = alerts.get(place).alert();
            if (account == null || alert.transaction().account().equals(account)) {
                found.add(alert);
            }
        }
        return new AlertFeed.Page(found, place == 0 ? null : "c" + place);
    }

    @Override
    public Flow.Publisher<Item> stream(@Nullable String cursor) {
        int from = cursor == null ? Integer.MAX_VALUE : place(cursor);
        return subscriber -> {
            var publisher = new SubmissionPublisher<Item>(Runnable::run, STREAM_BUFFER);
            publisher.subscribe(subscriber);
            synchronized (this) {
                for (int i = from; i < alerts.size(); i++) {
                    publisher.offer(alerts.get(i), null);
                }
                subscribers.add(publisher);
            }
        };
    }

    private static int place(String cursor) {
        if (!cursor.matches("c\\d{1,9}")) {
            throw new IllegalArgumentException("no cursor: " + cursor);
        }
        return Integer.parseInt(cursor.substring(1));
    }

    @Override
    public synchronized CompletionStage<List<Outcome>> submit(List<byte[]> events) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        var decoder = new TransactionDecoder(EventSchema.TRANSACTIONS);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            var result = decoder.decode(events.get(i), Examples.TIME_MS);
            if (result instanceof Transaction transaction) {
                submitted.add(events.get(i));
                outcomes.add(new Outcome(i, transaction.transactionId(), null));
            } else {
                outcomes.add(new Outcome(i, decoder.lastId(), (Rejection) result));
            }
        }
        return CompletableFuture.completedFuture(outcomes);
    }

    @Override
    public synchronized CompletionStage<List<Outcome>> submitLabels(List<byte[]> labels) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        var decoder = new LabelDecoder(EventSchema.TRANSACTIONS.maxAhead(), false);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            var result = decoder.decode(labels.get(i), Examples.TIME_MS);
            if (result instanceof Label label) {
                submitted.add(labels.get(i));
                outcomes.add(new Outcome(i, label.transactionId(), null));
            } else {
                outcomes.add(new Outcome(i, null, (Rejection) result));
            }
        }
        return CompletableFuture.completedFuture(outcomes);
    }

    @Override
    public synchronized CompletionStage<Assessment> assess(Transaction transaction) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        boolean anomalous = transaction.amount() >= 500;
        Alert like = Examples.alert(1, transaction.account());
        return CompletableFuture.completedFuture(new Assessment(
                anomalous ? 0.9987 : 0.41,
                0.995,
                anomalous,
                anomalous ? Severity.HIGH : null,
                "forest-20260301-1",
                anomalous ? like.reasons() : List.of(),
                like.expectedScore(),
                like.attributions(),
                anomalous ? like.counterfactual() : null));
    }

    @Override
    public synchronized Snapshot snapshot() {
        return snapshot;
    }
}
