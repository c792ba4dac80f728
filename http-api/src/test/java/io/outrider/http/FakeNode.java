package io.outrider.http;

import io.outrider.core.account.AccountView;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.Severity;
import io.outrider.core.decision.Assessment;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.LabelIntake;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.port.TransactionIntake;
import io.outrider.core.port.WhatIf;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node in memory: what the ports would answer, settable. Thread-safe. */
final class FakeNode implements AccountQueries, TransactionIntake, LabelIntake, WhatIf, NodeStatus {

    final LiveMetrics metrics = new LiveMetrics();
    final FakeModels models = new FakeModels();
    final FakeRuns runs = new FakeRuns();
    private final FakeRollouts rollouts = new FakeRollouts();
    private final TreeMap<String, AccountView> accounts = new TreeMap<>();
    private final FakeAlerts alerts = new FakeAlerts(metrics);
    private final List<byte[]> submitted = new ArrayList<>();
    private @Nullable RuntimeException failure;
    private boolean silent;
    private Snapshot snapshot = new Snapshot(true, List.of(), "forest-20260301-1", List.of(0, 1, 2, 3, 4, 5, 6, 7));

    /** As a node is that has just started. */
    void readsLabelsStill() {
        alerts.readsLabelsStill();
    }

    HttpPorts ports() {
        return new HttpPorts(
                this,
                alerts,
                alerts,
                new FakeLake(),
                alerts,
                this,
                this,
                this,
                runs,
                FakeReports::backtest,
                rollouts,
                FakeReports::drift,
                models,
                FakeReports::cluster,
                FakeReports::quality,
                this,
                metrics,
                EventSchema.TRANSACTIONS,
                new FakeErasures(),
                Tracing.OFF);
    }

    synchronized void add(AccountView account) {
        accounts.put(account.account(), account);
    }

    void add(Alert alert) {
        alerts.add(alert, false);
    }

    /** As {@link #add(Alert)}, after some that are no longer kept if so said. */
    void add(Alert alert, boolean afterGap) {
        alerts.add(alert, afterGap);
    }

    void add(Label label) {
        alerts.add(label);
    }

    int subscribers() {
        return alerts.subscribers();
    }

    /** What every port but the feed's stream fails with from now on; null for nothing. */
    synchronized void failWith(@Nullable RuntimeException error) {
        failure = error;
        alerts.failWith(error);
    }

    /** Does not answer about accounts from now on. */
    synchronized void fallSilent() {
        silent = true;
    }

    synchronized void become(Snapshot next) {
        snapshot = next;
    }

    synchronized List<byte[]> submitted() {
        return List.copyOf(submitted);
    }

    @Override
    public synchronized CompletionStage<Optional<AccountView>> account(String account) {
        if (silent) {
            return new CompletableFuture<>();
        }
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
