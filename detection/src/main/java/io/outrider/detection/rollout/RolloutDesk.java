package io.outrider.detection.rollout;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.BacktestEvidence;
import io.outrider.core.rollout.ClusterCounts;
import io.outrider.core.rollout.LabelReport;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.PromotionGate;
import io.outrider.core.rollout.Requested;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutCounts;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.RolloutView;
import io.outrider.core.rollout.ShadowReport;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.rollout.BacktestFiles;
import io.outrider.lake.rollout.RolloutFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows the rollout and changes it, on a lake alone: no node need be running. Calls block. Thread-safe.
 */
public final class RolloutDesk {

    /** After so many publishing intervals all nodes have followed a change of stages and told of it, if there is traffic. */
    private static final int TELLING = 4;

    private final FeaturePlan plan;
    private final ModelFiles models;
    private final NextChallenger next;
    private final PlanFiles plans;
    private final StageFile stages;
    private final RolloutFiles counts;
    private final BacktestFiles backtests;
    private final RolloutSettings settings;
    private final @Nullable LabelledPrecision labels;
    private final Clock clock;

    /** @param labels what people said of models; null where no node runs that could tell */
    public RolloutDesk(
            BlobStore lake,
            FeaturePlan plan,
            RolloutSettings settings,
            @Nullable LabelledPrecision labels,
            Clock clock) {
        this.plan = plan;
        this.models = new ModelFiles(lake, plan.name());
        this.next = new NextChallenger(models);
        this.plans = new PlanFiles(lake, plan);
        this.stages = new StageFile(lake, plan.name());
        this.counts = new RolloutFiles(lake, plan.name());
        this.backtests = new BacktestFiles(lake, plan.name());
        this.settings = settings;
        this.labels = labels;
        this.clock = clock;
    }

    /** The rollout as it stands. IOException also if the lake has no model yet. */
    public RolloutView view() throws IOException {
        return view(current(), clusterCounts());
    }

    /**
     * Changes it.
     *
     * @throws RolloutRefusedException if the gate speaks against it, or it makes no sense
     */
    public RolloutView change(RolloutChange change, String by, String reason) throws IOException {
        ModelStages seen = current();
        ClusterCounts live = clusterCounts();
        Requested asked = requested(by, reason);
        if (change instanceof RolloutChange.Promote promote && !promote.forced()) {
            usable(promote.version());
            PromotionGate.Verdict verdict = judge(promote.version(), seen, live);
            if (!promote.version().equals(seen.champion()) && !verdict.passed()) {
                throw isTooEarly(promote.version(), seen, live)
                        ? RolloutRefusedException.tooEarly(verdict, settings.publishInterval())
                        : RolloutRefusedException.byGate(verdict);
            }
        }
        return view(apply(change, asked, seen.revision()), live);
    }

    /** Whether a challenger or canary is one for so short a time that no node can have told of it. */
    private boolean isTooEarly(String version, ModelStages at, ClusterCounts live) {
        boolean silentAsChallenger = version.equals(at.challenger()) && shadow(at, live) == null;
        boolean silentAsCanary =
                isCanary(version, at) && live.canaryDecided(version).events() == 0;
        Duration telling = settings.publishInterval().multipliedBy(TELLING);
        return (silentAsChallenger || silentAsCanary)
                && clock.instant().isBefore(at.last().at().plus(telling));
    }

    /** Makes the change if nobody was faster; the gate is not asked. */
    ModelStages apply(RolloutChange change, Requested asked, long revision) throws IOException {
        check(change);
        stages.readOrBegin(models, clock);
        try {
            return stages.change(at -> {
                if (at.revision() != revision) {
                    throw new IllegalStateException(
                            "the stages were changed by " + at.last().by() + " at the same moment; look again");
                }
                return comparable(changed(at, change, asked), asked);
            });
        } catch (IllegalStateException e) {
            throw RolloutRefusedException.because(String.valueOf(e.getMessage()));
        }
    }

    private void check(RolloutChange change) throws IOException {
        if (change instanceof RolloutChange.Promote promote) {
            usable(promote.version());
        } else if (change instanceof RolloutChange.Canary canary) {
            besideTheChampion(canary.version());
        } else if (change instanceof RolloutChange.Shadow shadow && shadow.version() != null) {
            besideTheChampion(shadow.version());
        }
    }

    private static ModelStages changed(ModelStages at, RolloutChange change, Requested asked) {
        if (change instanceof RolloutChange.Promote promote) {
            return at.promote(promote.version(), promote.forced(), asked);
        }
        if (change instanceof RolloutChange.Shadow shadow) {
            return at.shadow(shadow.version(), asked);
        }
        if (change instanceof RolloutChange.GiveUp challenger) {
            return at.giveUp(challenger.version(), asked);
        }
        if (change instanceof RolloutChange.Canary canary) {
            return at.canary(new Canary(canary.version(), canary.share()), asked);
        }
        if (change instanceof RolloutChange.TakeOut model) {
            return at.takeOut(model.version(), asked);
        }
        return at.rollback(change instanceof RolloutChange.Rollback rollback ? rollback.version() : null, asked);
    }

    /** Ends the comparison with a challenger that cannot score the new champion's vectors. */
    private ModelStages comparable(ModelStages to, Requested asked) {
        String challenger = to.challenger();
        try {
            if (challenger == null || isOfPlanOf(to.champion(), models.manifest(challenger))) {
                return to;
            }
        } catch (IOException e) {
            return to; // one of them cannot be looked at, which must keep nobody from a rollback
        }
        String why = "of another feature plan than the champion, " + to.champion();
        return to.shadow(null, new Requested(asked.by(), asked.at(), why));
    }

    /** Refuses a model that no node could put in force. */
    private ModelManifest usable(String version) throws IOException {
        if (!models.versions().contains(version)) {
            throw RolloutRefusedException.unknownModel(version, plan.name());
        }
        ModelManifest manifest = models.load(version).manifest();
        if (plans.find(manifest.planFingerprint()).isEmpty()) {
            throw RolloutRefusedException.because("model " + version + " is of feature plan "
                    + manifest.planFingerprint() + ", which is neither this program's, " + plan.fingerprint()
                    + ", nor in the lake: outrider etl --plan FILE.conf puts it there");
        }
        return manifest;
    }

    /** Refuses, besides, a model that cannot score the vectors of the champion. */
    private void besideTheChampion(String version) throws IOException {
        ModelManifest manifest = usable(version);
        String champion = current().champion();
        if (!isOfPlanOf(champion, manifest)) {
            throw RolloutRefusedException.because(alone(version, champion)
                    + ": it can be neither shadow nor canary. Backtest it, and promote it with --force");
        }
    }

    private boolean isOfPlanOf(String champion, ModelManifest manifest) throws IOException {
        return models.manifest(champion).planFingerprint().equals(manifest.planFingerprint());
    }

    private static String alone(String version, String champion) {
        return "model " + version + " is of another feature plan than the champion, " + champion;
    }

    /** How the models stand, for a node, which begins that; empty while the lake has none, as where it decides with one from a file. */
    Optional<ModelStages> find() throws IOException {
        return stages.readOrBegin(models, clock);
    }

    /** How they stand or would begin; nothing is written. */
    ModelStages current() throws IOException {
        return stages.readOrFirst(models, clock)
                .orElseThrow(() -> new IOException("the lake has no model of plan " + plan.name()));
    }

    ClusterCounts clusterCounts() throws IOException {
        return counts.read(clock.millis() - settings.keep().toMillis());
    }

    ModelManifest manifest(String version) throws IOException {
        return models.manifest(version);
    }

    /** The newer model to compare, where that happens by itself. */
    Optional<String> nextChallenger(ModelStages at) throws IOException {
        return next.beside(at);
    }

    /** What a backtest found of a model against the champion, where the gate asks for one; null without. */
    @Nullable
    BacktestEvidence backtest(String version, ModelStages at) throws IOException {
        return settings.gate().minBacktestDays() == 0
                ? null
                : backtests.find(version, at.champion()).orElse(null);
    }

    /** What the gate says of a model as things stand. */
    PromotionGate.Verdict judge(String version, ModelStages at, ClusterCounts live) throws IOException {
        return PromotionGate.both(
                judgeLive(version, at, live), settings.gate().judgeBacktest(manifest(version), backtest(version, at)));
    }

    private PromotionGate.Verdict judgeLive(String version, ModelStages at, ClusterCounts live) throws IOException {
        if (!isCanary(version, at)) {
            return judgeBeside(version, at, live);
        }
        PromotionGate.Verdict canary = settings.gate()
                .judgeCanary(manifest(version), live.canaryDecided(version), labels(at.champion(), version));
        return version.equals(at.challenger()) ? PromotionGate.both(judgeBeside(version, at, live), canary) : canary;
    }

    private static boolean isCanary(String version, ModelStages at) {
        Canary canary = at.canary();
        return canary != null && canary.modelVersion().equals(version);
    }

    /** By what it would have decided. */
    private PromotionGate.Verdict judgeBeside(String version, ModelStages at, ClusterCounts live) throws IOException {
        if (!version.equals(at.champion()) && !isOfPlanOf(at.champion(), manifest(version))) {
            return new PromotionGate.Verdict(
                    version,
                    false,
                    List.of(alone(version, at.champion())
                            + ": it was not compared on the same transactions, and cannot be; a backtest can tell"));
        }
        boolean compared = version.equals(at.challenger());
        return settings.gate()
                .judge(
                        manifest(version),
                        compared ? Objects.requireNonNullElseGet(shadow(at, live), ShadowReport::none) : null,
                        compared ? labels(at.champion(), version) : null);
    }

    private @Nullable LabelReport labels(String champion, @Nullable String other) throws IOException {
        return labels == null || other == null ? null : labels.compare(champion, other);
    }

    private RolloutView view(ModelStages at, ClusterCounts live) throws IOException {
        Canary canary = at.canary();
        String challenger = at.challenger();
        return new RolloutView(
                at,
                settings.automatic(),
                rate(at.champion(), live.championDecided(at.champion())),
                canary == null ? null : rate(canary.modelVersion(), live.canaryDecided(canary.modelVersion())),
                shadow(at, live),
                labels(at.champion(), challenger),
                challenger == null ? null : judge(challenger, at, live),
                canary == null ? null : judge(canary.modelVersion(), at, live));
    }

    private static @Nullable ShadowReport shadow(ModelStages at, ClusterCounts live) {
        String challenger = at.challenger();
        RolloutCounts.Shadow shadow = challenger == null ? null : live.shadow(at.champion(), challenger);
        return shadow == null ? null : ShadowReport.of(shadow);
    }

    private RolloutView.Rate rate(String version, RolloutCounts.Decided decided) throws IOException {
        return new RolloutView.Rate(
                version,
                decided.events(),
                decided.alerts(),
                settings.breaker().prediction().of(manifest(version), decided.events()),
                Arrays.stream(decided.scores()).boxed().toList());
    }

    private Requested requested(String by, String reason) {
        try {
            return new Requested(by, clock.instant(), reason);
        } catch (IllegalArgumentException e) {
            throw RolloutRefusedException.because(String.valueOf(e.getMessage()));
        }
    }
}
