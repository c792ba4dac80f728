package io.outrider.app.node;

import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelSource;
import java.io.IOException;

/**
 * What a node finds at rest.
 *
 * @param context what is in force on partitions never claimed before, and is to come into force on the others
 */
public record Storage(BlobStore lake, ModelSource models, ContextRef context) {

    /** Opens it. Called again, after a pause, while it fails with an IOException, whose message says why. */
    @FunctionalInterface
    public interface Opener {
        Storage open() throws IOException;
    }
}
