package io.outrider.detection.rollout;

import io.outrider.core.model.Canary;
import io.outrider.core.rollout.ClusterCounts;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.NodeCounts;
import io.outrider.core.rollout.PromotionGate;
import io.outrider.core.rollout.Requested;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutCounts.Decided;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.StageEntry;
import io.outrider.core.rollout.StageEntry.Action;
import io.outrider.core.telemetry.LiveMetrics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches models that have come into force: what the breaker speaks against is rolled back. Where promotion is automatic, a
 * newly trained model becomes the challenger, a challenger that passes the gate is promoted, and one that does not for too long is
 * archived. One of the cluster does it; a second one could only be late, since stages change on condition of their revision. Belongs
 * to one thread.
 */
public final class RolloutWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutWatch.class);

    private final RolloutDesk desk;
    private final RolloutSettings settings;
    private final GateBacktests backtests;
    private final LiveMetrics metrics;
    private final Clock clock;

    private @Nullable Baseline champion;
    private @Nullable Baseline canary;

    /** How things stood when a model came into force, as far as this watch knows. */
    private record Baseline(long revision, Decided decided, NodeCounts.Health health) {}

    public RolloutWatch(
            RolloutDesk desk, RolloutSettings settings, Backtesting backtesting, LiveMetrics metrics, Clock clock) {
        this.desk = desk;
        this.settings = settings;
        this.backtests = new GateBacktests(backtesting, settings.gate(), clock);
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Looks once; while the lake has no model there is nothing to see. IOException if the lake is away. */
    public void look() throws IOException {
        Optional<ModelStages> known = desk.find();
        if (known.isPresent()) {
            look(known.get());
        }
    }

    private void look(ModelStages stages) throws IOException {
        ClusterCounts live = desk.clusterCounts();
        try {
            if (!watchCanary(stages, live) && !watchChampion(stages, live) && settings.automatic()) {
                goOn(stages, live);
            }
        } catch (RolloutRefusedException e) {
            LOG.info("Somebody else was faster: {}", e.getMessage());
        }
    }

    private boolean watchChampion(ModelStages stages, ClusterCounts live) throws IOException {
        StageEntry since = stages.championSince();
        Decided decided = live.championDecided(stages.champion());
        Baseline from = champion;
        if (from == null || from.revision() != since.revision()) {
            from = baseline(since, wasChampion(stages, since), decided, live);
            champion = from;
        }
        boolean watched = since.action() == Action.PROMOTE || since.action() == Action.FORCE;
        return watched
                && !stages.former().isEmpty()
                && isRecent(since)
                && trips(
                        stages,
                        stages.champion(),
                        decided.since(from.decided()),
                        live.health().since(from.health()));
    }

    private boolean watchCanary(ModelStages stages, ClusterCounts live) throws IOException {
        Canary running = stages.canary();
        if (running == null) {
            canary = null;
            return false;
        }
        StageEntry since = stages.last();
        for (StageEntry entry : stages.audit()) {
            since = entry.action() == Action.CANARY ? entry : since;
        }
        Decided decided = live.canaryDecided(running.modelVersion());
        Baseline from = canary;
        if (from == null || from.revision() != since.revision()) {
            from = baseline(since, true, decided, live);
            canary = from;
        }
        return isRecent(since)
                && trips(
                        stages,
                        running.modelVersion(),
                        decided.since(from.decided()),
                        live.health().since(from.health()));
    }

    /** A model that never decided before is judged by all it did: nothing is lost by coming late. */
    private static Baseline baseline(StageEntry since, boolean decidedBefore, Decided decided, ClusterCounts live) {
        Decided zero = new Decided(0, new long[decided.scores().length]);
        return new Baseline(since.revision(), decidedBefore ? decided : zero, live.health());
    }

    private static boolean wasChampion(ModelStages stages, StageEntry since) {
        return stages.audit().stream()
                .anyMatch(entry -> entry.revision() < since.revision()
                        && entry.modelVersion().equals(stages.champion())
                        && entry.action() != Action.SHADOW
                        && entry.action() != Action.END_SHADOW
                        && entry.action() != Action.CANARY);
    }

    private boolean isRecent(StageEntry since) {
        return clock.instant().isBefore(since.at().plus(settings.watchPeriod()));
    }

    private boolean trips(ModelStages stages, String version, Decided decided, NodeCounts.Health health)
            throws IOException {
        Optional<String> why = settings.breaker().trips(desk.manifest(version), decided, health);
        if (why.isEmpty()) {
            return false;
        }
        Requested asked = new Requested("the breaker", clock.instant(), why.get());
        ModelStages behind = desk.apply(new RolloutChange.TakeOut(version), asked, stages.revision());
        metrics.rollbacks.increment();
        LOG.error("Model {} was rolled back by the breaker: {}. Champion is {}", version, why.get(), behind.champion());
        return true;
    }

    /** What happens by itself; while a canary runs, somebody is trying something. */
    private void goOn(ModelStages stages, ClusterCounts live) throws IOException {
        if (stages.canary() != null) {
            return;
        }
        String challenger = stages.challenger();
        if (challenger == null) {
            compare(stages);
        } else if (!wasSentBack(challenger, stages)) {
            backtests.ask(desk.manifest(challenger), stages.champion(), desk.backtest(challenger, stages));
            if (wasComparedFor(settings.minDuration(), stages)) {
                judge(challenger, stages, live);
            }
        }
    }

    private void compare(ModelStages stages) throws IOException {
        Optional<String> next = desk.nextChallenger(stages);
        if (next.isPresent()) {
            Requested asked = new Requested(
                    "the rollout watch",
                    clock.instant(),
                    "trained on newer data than the champion, " + stages.champion());
            desk.apply(new RolloutChange.Shadow(next.get()), asked, stages.revision());
            LOG.info("Model {} is compared with the champion, {}, by itself", next.get(), stages.champion());
        }
    }

    private boolean wasComparedFor(Duration time, ModelStages stages) {
        return !clock.instant().isBefore(stages.comparedSince().plus(time));
    }

    /** Whether the last that was done to it was to take it out of force. */
    private static boolean wasSentBack(String version, ModelStages stages) {
        boolean sentBack = false;
        for (StageEntry entry : stages.audit()) {
            sentBack = entry.modelVersion().equals(version) ? entry.action() == Action.ROLLBACK : sentBack;
        }
        return sentBack;
    }

    private void judge(String challenger, ModelStages stages, ClusterCounts live) throws IOException {
        PromotionGate.Verdict verdict = desk.judge(challenger, stages, live);
        Duration patience = settings.giveUpAfter();
        if (verdict.passed()) {
            promote(challenger, stages);
        } else if (!patience.isZero() && wasComparedFor(patience, stages)) {
            giveUp(challenger, stages, verdict.reasons());
        }
    }

    private void giveUp(String challenger, ModelStages stages, List<String> reasons) throws IOException {
        String why =
                "refused by the gate for " + settings.giveUpAfter().toHours() + " h: " + String.join("; ", reasons);
        Requested asked = new Requested("the rollout watch", clock.instant(), why);
        desk.apply(new RolloutChange.GiveUp(challenger), asked, stages.revision());
        metrics.challengersGivenUp.increment();
        LOG.warn("Model {} is compared no more and was archived: {}", challenger, why);
    }

    private void promote(String challenger, ModelStages stages) throws IOException {
        Requested asked = new Requested("the gate", clock.instant(), "the challenger passed");
        desk.apply(new RolloutChange.Promote(challenger, false), asked, stages.revision());
        LOG.info("Model {} was promoted: it passed the gate", challenger);
    }
}
