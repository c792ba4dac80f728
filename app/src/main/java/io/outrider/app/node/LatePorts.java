package io.outrider.app.node;

import io.outrider.core.account.AccountView;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.decision.Assessment;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.Backtests;
import io.outrider.core.port.ClusterNodes;
import io.outrider.core.port.DataQuality;
import io.outrider.core.port.DriftReports;
import io.outrider.core.port.Erasures;
import io.outrider.core.port.LabelIntake;
import io.outrider.core.port.ModelCatalog;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.port.PastDecisions;
import io.outrider.core.port.Reviews;
import io.outrider.core.port.Rollouts;
import io.outrider.core.port.Runs;
import io.outrider.core.port.TransactionIntake;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.port.WhatIf;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutView;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunRequest;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The node's ports from its first moment on: while it starts or stops, each question is answered by what keeps it from answering.
 * Thread-safe.
 */
final class LatePorts
        implements AccountQueries,
                WhatIf,
                AlertFeed,
                AlertSearch,
                PastDecisions,
                Reviews,
                TransactionIntake,
                LabelIntake,
                Runs,
                Backtests,
                Rollouts,
                DriftReports,
                ModelCatalog,
                ClusterNodes,
                DataQuality,
                NodeStatus,
                Erasures {

    /** The ports of a node that runs. */
    record Running(
            AccountQueries accounts,
            WhatIf whatIf,
            AlertFeed alerts,
            AlertSearch search,
            PastDecisions past,
            Reviews reviews,
            TransactionIntake intake,
            LabelIntake labels,
            Runs runs,
            Backtests backtests,
            Rollouts rollouts,
            DriftReports drift,
            ModelCatalog models,
            ClusterNodes nodes,
            DataQuality quality,
            NodeStatus status,
            Erasures erasures) {}

    private volatile @Nullable Running running;
    private volatile String reason = "the node is starting";

    void set(Running ports) {
        running = ports;
    }

    /** From now on every question is answered by this. */
    void stop(String why) {
        reason = why;
        running = null;
    }

    void waitingFor(String what) {
        reason = what;
    }

    @Override
    public CompletionStage<Optional<AccountView>> account(String account) {
        return ask(ports -> ports.accounts().account(account));
    }

    @Override
    public CompletionStage<List<AccountView>> accounts(@Nullable String after, int limit) {
        return ask(ports -> ports.accounts().accounts(after, limit));
    }

    @Override
    public CompletionStage<Assessment> assess(Transaction transaction) {
        return ask(ports -> ports.whatIf().assess(transaction));
    }

    @Override
    public CompletionStage<List<Outcome>> submit(List<byte[]> events) {
        return ask(ports -> ports.intake().submit(events));
    }

    @Override
    public CompletionStage<List<Outcome>> submitLabels(List<byte[]> labels) {
        return ask(ports -> ports.labels().submitLabels(labels));
    }

    @Override
    public CompletionStage<Answer> start(String kind, RunRequest request) {
        return ask(ports -> ports.runs().start(kind, request));
    }

    @Override
    public CompletionStage<Optional<Runs.Page>> page(String kind, @Nullable Long before, int limit) {
        return ask(ports -> ports.runs().page(kind, before, limit));
    }

    @Override
    public CompletionStage<Optional<Run>> find(String kind, String id) {
        return ask(ports -> ports.runs().find(kind, id));
    }

    @Override
    public CompletionStage<Cancellation> cancel(String kind, String id) {
        return ask(ports -> ports.runs().cancel(kind, id));
    }

    @Override
    public CompletionStage<Optional<BacktestResult>> report(String run) {
        return ask(ports -> ports.backtests().report(run));
    }

    @Override
    public CompletionStage<DriftReport> drift() {
        return ask(ports -> ports.drift().drift());
    }

    @Override
    public CompletionStage<ClusterNodes.Membership> cluster() {
        return ask(ports -> ports.nodes().cluster());
    }

    @Override
    public CompletionStage<RolloutView> rollout() {
        return ask(ports -> ports.rollouts().rollout());
    }

    @Override
    public CompletionStage<RolloutView> change(RolloutChange change, String by, String why) {
        return ask(ports -> ports.rollouts().change(change, by, why));
    }

    @Override
    public CompletionStage<ModelCatalog.Listing> models() {
        return ask(ports -> ports.models().models());
    }

    @Override
    public CompletionStage<Optional<ModelManifest>> model(String version) {
        return ask(ports -> ports.models().model(version));
    }

    @Override
    public CompletionStage<Optional<Report>> newest() {
        return ask(ports -> ports.quality().newest());
    }

    @Override
    public String knownAs(String account) {
        return ports().whatIf().knownAs(account);
    }

    @Override
    public Optional<Alert> find(String id) {
        return ports().alerts().find(id);
    }

    @Override
    public AlertFeed.Page page(@Nullable String account, @Nullable String cursor, int limit) {
        return ports().alerts().page(account, cursor, limit);
    }

    @Override
    public Flow.Publisher<Item> stream(@Nullable String cursor) {
        return ports().alerts().stream(cursor);
    }

    @Override
    public CompletionStage<AlertSearch.Page> search(
            AlertFilter filter, Order order, @Nullable String cursor, int limit) {
        return ask(ports -> ports.search().search(filter, order, cursor, limit));
    }

    @Override
    public CompletionStage<Optional<Found>> findStored(String id) {
        return ask(ports -> ports.search().findStored(id));
    }

    @Override
    public CompletionStage<Optional<List<Similar>>> similar(String id, int limit) {
        return ask(ports -> ports.search().similar(id, limit));
    }

    @Override
    public CompletionStage<Optional<Replay>> replay(String id) {
        return ask(ports -> ports.search().replay(id));
    }

    @Override
    public CompletionStage<List<Known>> transaction(@Nullable String account, String transactionId) {
        return ask(ports -> ports.search().transaction(account, transactionId));
    }

    @Override
    public CompletionStage<PastDecisions.Search> past(String account, String transactionId, @Nullable LocalDate on) {
        return ask(ports -> ports.past().past(account, transactionId, on));
    }

    @Override
    public CompletionStage<Queue> queue(
            AlertFilter.Period period, @Nullable Kind kind, @Nullable String cursor, int limit) {
        return ask(ports -> ports.reviews().queue(period, kind, cursor, limit));
    }

    @Override
    public CompletionStage<Performance> performance(AlertFilter.Period period, Segment segment) {
        return ask(ports -> ports.reviews().performance(period, segment));
    }

    @Override
    public boolean knowsLabels() {
        return ports().search().knowsLabels();
    }

    @Override
    public List<Label> labels(String account, String transactionId) {
        return ports().search().labels(account, transactionId);
    }

    @Override
    public CompletionStage<Standing> erase(String account, String by) {
        return ask(ports -> ports.erasures().erase(account, by));
    }

    @Override
    public CompletionStage<Optional<Standing>> erasure(String id) {
        return ask(ports -> ports.erasures().erasure(id));
    }

    @Override
    public CompletionStage<List<Standing>> erasures() {
        return ask(ports -> ports.erasures().erasures());
    }

    @Override
    public Snapshot snapshot() {
        Running ports = running;
        return ports == null
                ? new Snapshot(false, List.of(reason), null, List.of())
                : ports.status().snapshot();
    }

    private <T> CompletionStage<T> ask(Function<Running, CompletionStage<T>> question) {
        Running ports = running;
        return ports == null ? CompletableFuture.failedFuture(unavailable()) : question.apply(ports);
    }

    private Running ports() {
        Running ports = running;
        if (ports == null) {
            throw unavailable();
        }
        return ports;
    }

    private UnavailableException unavailable() {
        return new UnavailableException(reason);
    }
}
