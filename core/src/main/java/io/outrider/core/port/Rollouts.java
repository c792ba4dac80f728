package io.outrider.core.port;

import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.RolloutView;
import java.util.concurrent.CompletionStage;

/** Which models are at which stage, and how they do. Thread-safe. */
public interface Rollouts {

    /** The rollout as it stands. Fails with {@link UnavailableException} while the lake is away. */
    CompletionStage<RolloutView> rollout();

    /**
     * Changes it; all nodes follow within two barrier intervals. Fails with {@link RolloutRefusedException} if the gate
     * speaks against it or it makes no sense, and with {@link UnavailableException} while the lake is away.
     *
     * @param by who asks
     * @param reason why
     */
    CompletionStage<RolloutView> change(RolloutChange change, String by, String reason);
}
