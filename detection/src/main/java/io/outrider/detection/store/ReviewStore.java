package io.outrider.detection.store;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter.Period;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.Standing;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.event.Transaction;
import io.outrider.core.port.ModelSource;
import io.outrider.core.port.Reviews;
import io.outrider.core.review.FraudChance;
import io.outrider.core.review.PrecisionRecallCurve;
import io.outrider.core.review.Tally;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The review queue and performance, out of the alert store: each question reads the whole period. Thread-safe. */
public final class ReviewStore implements Reviews {

    private static final Duration USUAL_PERIOD = Duration.ofDays(30);
    private static final int MOST_GROUPS = 50;

    private final AlertStore store;
    private final ModelSource models;
    private final AlertSettings settings;
    private final Clock clock;
    private final Map<String, Double> reviewShares = new ConcurrentHashMap<>();

    private record Placed(QueuePlace place, Case item) {}

    /**
     * Reviews out of a store.
     *
     * @param models say with what chance a transaction came into the sample
     * @param settings that chance where a model is gone, and the budget
     */
    public ReviewStore(AlertStore store, ModelSource models, AlertSettings settings, Clock clock) {
        this.store = store;
        this.models = models;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Queue> queue(Period asked, @Nullable Kind kind, @Nullable String cursor, int limit) {
        return store.ask(() -> {
            int kinds = new FraudChance().values().length;
            QueuePlace.Cursor from = cursor == null ? null : QueuePlace.Cursor.parse(cursor, kinds);
            Period period = from == null ? store.period(asked, USUAL_PERIOD) : from.period();
            long asOfMs = from == null ? clock.millis() : from.asOfMs();
            FraudChance chance = from == null ? learn(period) : new FraudChance(from.chances());
            Comparator<Placed> firstToLast = Comparator.comparing(Placed::place, QueuePlace.FIRST_TO_LAST);
            PriorityQueue<Placed> kept = new PriorityQueue<>(firstToLast.reversed());
            store.cases(period, (alert, sampled, label) -> {
                Placed placed = placed(new Case(alert, sampled, label, 0, 0), chance, asOfMs);
                boolean wanted = kind == null || (kind == Kind.ALERT) == (alert != null);
                if (wanted && (from == null || placed.place().isBehind(from.after()))) {
                    kept.add(placed);
                    if (kept.size() > limit + 1) {
                        kept.poll();
                    }
                }
            });
            List<Placed> first = kept.stream().sorted(firstToLast).toList();
            String next = first.size() <= limit
                    ? null
                    : new QueuePlace.Cursor(
                                    asOfMs,
                                    period,
                                    chance.values(),
                                    first.get(limit - 1).place())
                            .token();
            return new Queue(first.stream().limit(limit).map(Placed::item).toList(), period, next);
        });
    }

    private FraudChance learn(Period period) throws IOException {
        FraudChance chance = new FraudChance();
        store.cases(period, (alert, sampled, label) -> {
            if (alert != null) {
                chance.learn(alert.severity(), Standing.of(label));
            } else {
                chance.learnSample(Standing.of(label));
            }
        });
        return chance;
    }

    /** What was labelled before the moment stands behind all that was not. */
    private Placed placed(Case item, FraudChance chance, long asOfMs) {
        Alert alert = item.alert();
        Transaction transaction = AlertStore.transaction(alert, item.sampled());
        double fraud = alert == null ? chance.ofSample() : chance.of(alert.severity());
        double value = fraud * (Double.isNaN(transaction.amount()) ? 1 : Math.abs(transaction.amount()));
        boolean labelled = store.labels(transaction.account(), transaction.transactionId()).stream()
                .anyMatch(label -> label.knownSinceMs() <= asOfMs);
        return new Placed(
                new QueuePlace(labelled, value, transaction.eventTimeMs(), AlertStore.id(alert, item.sampled())),
                new Case(alert, item.sampled(), item.label(), fraud, value));
    }

    @Override
    public CompletionStage<Performance> performance(Period asked, Segment segment) {
        return store.ask(() -> {
            Period period = store.period(asked, USUAL_PERIOD);
            Tally all = new Tally();
            Map<String, Tally> groups = new HashMap<>();
            store.cases(period, (alert, sampled, label) -> {
                Tally group = groups.computeIfAbsent(name(segment, alert, sampled), name -> new Tally());
                Standing standing = Standing.of(label);
                if (alert != null) {
                    all.alert(standing);
                    group.alert(standing);
                } else if (sampled != null) {
                    double chance = reviewShare(sampled);
                    all.sampled(standing, chance);
                    group.sampled(standing, chance);
                }
            });
            List<Group> bySegment = groups.entrySet().stream()
                    .map(group -> new Group(group.getKey(), group.getValue()))
                    .sorted(Comparator.comparingLong((Group group) ->
                                    -group.tally().alerts() - group.tally().sampled())
                            .thenComparing(Group::name))
                    .limit(MOST_GROUPS)
                    .toList();
            return new Performance(period, settings.budget(), all, bySegment, curve(period, all));
        });
    }

    /** A labelled case stands for the unlabelled of its kind, too. */
    private List<PrecisionRecallCurve.Point> curve(Period period, Tally all) throws IOException {
        double labelledAlerts = all.alerts(Standing.FRAUD) + all.alerts(Standing.GENUINE);
        double labelledSample = all.sampled(Standing.FRAUD) + all.sampled(Standing.GENUINE);
        PrecisionRecallCurve curve = new PrecisionRecallCurve();
        store.cases(period, (alert, sampled, label) -> {
            if (label != null && alert != null) {
                curve.add(alert.score(), label.fraud(), all.alerts() / labelledAlerts);
            } else if (label != null && sampled != null) {
                curve.add(sampled.score(), label.fraud(), all.sampled() / labelledSample / reviewShare(sampled));
            }
        });
        return curve.points();
    }

    private double reviewShare(ScoredEvent event) {
        return reviewShares.computeIfAbsent(event.receipt().context().modelVersion(), version -> {
            try {
                double share = models.load(version).manifest().policy().reviewShare();
                return share > 0 ? share : settings.reviewShare();
            } catch (IOException e) {
                return settings.reviewShare();
            }
        });
    }

    private static String name(Segment segment, @Nullable Alert alert, @Nullable ScoredEvent sampled) {
        Transaction transaction = AlertStore.transaction(alert, sampled);
        String name = switch (segment) {
            case MODEL ->
                alert != null
                        ? alert.modelVersion()
                        : sampled == null ? null : sampled.receipt().context().modelVersion();
            case SEVERITY -> alert == null ? null : alert.severity().name().toLowerCase(java.util.Locale.ROOT);
            case MERCHANT -> transaction.merchant();
            case DEVICE -> transaction.device();
            case CURRENCY -> transaction.currency();
        };
        return name == null ? "" : name;
    }
}
