package io.outrider.training.backtest;

import io.outrider.core.account.DecisionState;
import io.outrider.core.decision.AlertPolicy;
import io.outrider.core.model.Model;
import io.outrider.training.dataset.DatasetRow;
import java.util.HashMap;
import java.util.Map;

/**
 * The episodes that a model's alerts would have joined, by the class that joins them live. In memory is a state for each account that has
 * alerted. For one thread.
 */
final class Episodes {

    private final AlertPolicy policy;
    private final Map<String, DecisionState> accounts = new HashMap<>();

    Episodes(Model model) {
        this.policy = new AlertPolicy(model);
    }

    /** Takes an alert; whether it opens an episode of its account. */
    boolean opens(DatasetRow alert) {
        String id = alert.partition() + "-" + alert.sequenceNumber();
        DecisionState state = accounts.computeIfAbsent(alert.account(), account -> new DecisionState());
        return policy.enterEpisode(state, id, alert.eventTimeMs()).equals(id);
    }
}
