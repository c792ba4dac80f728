package io.outrider.core.port;

import io.outrider.core.model.ModelManifest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The registered models of the node's plan, to be read. Thread-safe; a stage fails with {@link UnavailableException} when the store
 * can't be read.
 */
public interface ModelCatalog {

    /** All of them, those with the oldest data first. */
    CompletionStage<List<ModelManifest>> models();

    /** One by its version; empty if there is none. */
    CompletionStage<Optional<ModelManifest>> model(String version);
}
