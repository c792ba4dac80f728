package io.outrider.http;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.alert.AlertLikeness;
import io.outrider.core.alert.Standing;
import io.outrider.core.event.Label;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.AlertSearch;
import io.outrider.core.port.Reviews;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.review.PrecisionRecallCurve;
import io.outrider.core.review.Tally;
import io.outrider.core.telemetry.LiveMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.jspecify.annotations.Nullable;

/** Alerts, and what was said of them, in memory: the feed of them, their search and their review. Thread-safe. */
final class FakeAlerts implements AlertFeed, AlertSearch, Reviews {

    private static final int STREAM_BUFFER = 16;

    private final LiveMetrics metrics;
    private final List<Item> alerts = new ArrayList<>();
    private final List<SubmissionPublisher<Item>> subscribers = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();
    private @Nullable RuntimeException failure;
    private volatile boolean labelsKnown = true;

    FakeAlerts(LiveMetrics metrics) {
        this.metrics = metrics;
    }

    /** As a node is that has just started. */
    void readsLabelsStill() {
        labelsKnown = false;
    }

    synchronized void failWith(@Nullable RuntimeException error) {
        failure = error;
    }

    /** Adds it, after some that are no longer kept if so said. */
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

    synchronized void add(Label label) {
        labels.add(label);
    }

    synchronized int subscribers() {
        return subscribers.size();
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
}
