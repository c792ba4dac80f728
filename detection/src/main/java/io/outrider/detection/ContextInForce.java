package io.outrider.detection;

import io.outrider.core.model.ContextRef;
import io.outrider.core.rollout.ModelStages;
import io.outrider.lake.blob.FailureReason;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node wants its partitions to decide under, as the lake says: the stages of models, and the newest merchant-risk
 * table. Partitions have it in force from a barrier of theirs on. Thread-safe; {@link #follow} is for one thread at a time.
 */
final class ContextInForce {

    private static final Logger LOG = LoggerFactory.getLogger(ContextInForce.class);

    private final StageFile stages;
    private final RiskFiles risk;
    private volatile ContextRef context;
    private volatile @Nullable String problem;

    /** Has another context taken up; IOException if it cannot be loaded, and then the old one stays. */
    @FunctionalInterface
    interface Taker {
        void take(ContextRef context) throws IOException;
    }

    /**
     * Reads the lake, which blocks; IOException if it cannot be read.
     *
     * @param first what holds where the lake has no stages
     */
    ContextInForce(StageFile stages, RiskFiles risk, ContextRef first) throws IOException {
        this.stages = stages;
        this.risk = risk;
        this.context = wanted(first);
    }

    ContextRef now() {
        return context;
    }

    /** Why what the lake says is not in force, as {@link #follow} last found; empty if it is. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Reads the lake again. Where what it says cannot be taken up, the models stay, and the table alone is taken up. */
    void follow(Taker taker) {
        ContextRef from = context;
        try {
            takeUp(wanted(from), taker);
            if (problem != null) {
                LOG.info("What is to be in force is taken up again: {}", context);
            }
            problem = null;
        } catch (IOException | RuntimeException e) {
            String now = "models and merchant risk are not up to date: " + FailureReason.of(e);
            if (!now.equals(problem)) {
                LOG.warn("What is to be in force cannot be taken up", e);
            }
            problem = now;
            followRisk(from, taker);
        }
    }

    private ContextRef wanted(ContextRef from) throws IOException {
        long version = risk.current().version();
        Optional<ModelStages> at = stages.read();
        return at.isPresent() ? at.get().context(version) : from.withRisk(version);
    }

    private void followRisk(ContextRef from, Taker taker) {
        try {
            takeUp(from.withRisk(risk.current().version()), taker);
        } catch (IOException | RuntimeException e) {
            LOG.debug("Merchant risk cannot be taken up either", e);
        }
    }

    private void takeUp(ContextRef to, Taker taker) throws IOException {
        if (!to.equals(context)) {
            taker.take(to);
            context = to;
        }
    }
}
