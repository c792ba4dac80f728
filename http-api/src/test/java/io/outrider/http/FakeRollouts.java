package io.outrider.http;

import io.outrider.core.model.Canary;
import io.outrider.core.port.Rollouts;
import io.outrider.core.rollout.LabelReport;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.PredictedAlerts;
import io.outrider.core.rollout.PromotionGate;
import io.outrider.core.rollout.Requested;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.RolloutView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stages in memory, and a gate that lets nothing pass. Thread-safe. */
final class FakeRollouts implements Rollouts {

    private ModelStages stages =
            ModelStages.begin("m1", new Requested("outrider", Instant.ofEpochMilli(Examples.TIME_MS), "the first"));

    @Override
    public synchronized CompletionStage<RolloutView> rollout() {
        return CompletableFuture.completedFuture(view());
    }

    @Override
    public synchronized CompletionStage<RolloutView> change(RolloutChange change, String by, String reason) {
        Requested asked = new Requested(by, Instant.ofEpochMilli(Examples.TIME_MS), reason);
        try {
            stages = changed(change, asked);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(RolloutRefusedException.because(String.valueOf(e.getMessage())));
        } catch (RolloutRefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        return rollout();
    }

    private ModelStages changed(RolloutChange change, Requested asked) {
        if (change instanceof RolloutChange.Promote promote) {
            if (promote.version().equals("none")) {
                throw RolloutRefusedException.unknownModel(promote.version(), "transactions");
            }
            if (promote.version().equals(stages.challenger()) && !promote.forced()) {
                throw RolloutRefusedException.tooEarly(
                        new PromotionGate.Verdict(promote.version(), false, List.of("nobody has seen it")),
                        Duration.ofSeconds(5));
            }
            if (!promote.forced()) {
                throw RolloutRefusedException.byGate(
                        new PromotionGate.Verdict(promote.version(), false, List.of("it is too young")));
            }
            return stages.promote(promote.version(), true, asked);
        }
        if (change instanceof RolloutChange.Shadow shadow) {
            return stages.shadow(shadow.version(), asked);
        }
        return change instanceof RolloutChange.Canary canary
                ? stages.canary(new Canary(canary.version(), canary.share()), asked)
                : stages.rollback(((RolloutChange.Rollback) change).version(), asked);
    }

    private RolloutView view() {
        PredictedAlerts predicted = new PredictedAlerts(0.01, 0, 9);
        Canary canary = stages.canary();
        return new RolloutView(
                stages,
                false,
                new RolloutView.Rate(stages.champion(), 100, 2, predicted, List.of(90L, 10L)),
                canary == null ? null : new RolloutView.Rate(canary.modelVersion(), 10, 10, predicted, List.of()),
                null,
                new LabelReport(0, 60, new LabelReport.Hits(50, 25), new LabelReport.Hits(10, 0)),
                null,
                canary == null
                        ? null
                        : new PromotionGate.Verdict(canary.modelVersion(), false, List.of("it is too young")));
    }
}
