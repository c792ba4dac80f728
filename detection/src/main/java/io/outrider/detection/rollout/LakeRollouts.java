package io.outrider.detection.rollout;

import io.outrider.core.drift.DriftReport;
import io.outrider.core.port.DriftReports;
import io.outrider.core.port.Rollouts;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutView;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The desks for callers that must not block. Thread-safe. */
public final class LakeRollouts implements Rollouts, DriftReports {

    private final RolloutDesk desk;
    private final DriftDesk drift;
    private final Executor blocking;

    /** @param blocking threads for calls that block */
    public LakeRollouts(RolloutDesk desk, DriftDesk drift, Executor blocking) {
        this.desk = desk;
        this.drift = drift;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<RolloutView> rollout() {
        return async(desk::view);
    }

    @Override
    public CompletionStage<RolloutView> change(RolloutChange change, String by, String reason) {
        return async(() -> desk.change(change, by, reason));
    }

    @Override
    public CompletionStage<DriftReport> drift() {
        return async(drift::report);
    }

    /** A call that blocks. */
    private interface Call<T> {
        T call() throws IOException;
    }

    private <T> CompletionStage<T> async(Call<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (IOException e) {
                        throw new UnavailableException("models cannot be looked at or changed: " + e.getMessage(), e);
                    }
                },
                blocking);
    }
}
