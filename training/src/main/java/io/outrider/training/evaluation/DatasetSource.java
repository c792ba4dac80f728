package io.outrider.training.evaluation;

import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetManifest;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A dataset's version to evaluate on.
 *
 * @param maturity age at which a transaction without label counts as genuine, where labels came by the labels topic
 * @param disk where temporary files may be made
 */
public record DatasetSource(BlobStore lake, DatasetManifest version, Duration maturity, Path disk) {

    /** How long after its event a label is known: as declared; zero where labels themselves tell. */
    public Duration labelDelay() {
        return version.origin().labelDelay().orElse(Duration.ZERO);
    }
}
