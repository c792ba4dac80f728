package io.outrider.core.port;

import io.outrider.core.model.ModelManifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The registered models of the node's plan, to be read. Thread-safe; a stage fails with {@link UnavailableException} when the store
 * can't be read.
 */
public interface ModelCatalog {

    /** What is registered: the models that can be read, those with the oldest data first, and those that cannot. */
    record Listing(List<Registered> models, List<Damaged> damaged) {

        public Listing {
            models = List.copyOf(models);
            damaged = List.copyOf(damaged);
        }
    }

    /**
     * A registered model.
     *
     * @param stage as {@link io.outrider.core.rollout.ModelStages#stageOf} names it
     */
    record Registered(ModelManifest manifest, String stage, Instant registeredAt) {}

    /** A model whose manifest is not what was registered, and what is wrong with it. */
    record Damaged(String modelVersion, String reason) {}

    CompletionStage<Listing> models();

    /** One by its version; empty if there is none. A damaged one fails with {@link UnavailableException}. */
    CompletionStage<Optional<ModelManifest>> model(String version);
}
