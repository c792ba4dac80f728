package io.outrider.training.run;

import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetRow;
import io.outrider.training.etl.KnownLabels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a dataset's rows today, and since when: the label that somebody gave; else the truth that the event carries, as if
 * known some time after it; else, where there are labels at all, genuine once it is so old that somebody would have said otherwise.
 */
public final class Truth {

    private final @Nullable KnownLabels labels;
    private final Duration delay;

    private Truth(@Nullable KnownLabels labels, Duration delay) {
        this.labels = labels;
        this.delay = delay;
    }

    /**
     * Of a dataset's version.
     *
     * @param delay after which a carried truth counts as known where the dataset does not say, and an unlabelled event as genuine
     * @param disk where temporary files may be made
     */
    public static Truth of(BlobStore lake, DatasetManifest dataset, Duration delay, Path disk) throws IOException {
        boolean labelled = dataset.labels().count() > 0;
        return new Truth(
                labelled ? KnownLabels.read(lake, dataset, Long.MAX_VALUE, delay, disk) : null,
                dataset.origin().labelDelay().orElse(delay));
    }

    /** What is known of a row; empty if nothing is. */
    public Optional<KnownLabels.Known> of(DatasetRow row) {
        Boolean carried = row.fraud();
        if (labels != null) {
            Optional<KnownLabels.Known> known = labels.of(row.event());
            if (carried == null || known.filter(label -> label.version() > 0).isPresent()) {
                return known;
            }
        }
        return carried == null
                ? Optional.empty()
                : Optional.of(new KnownLabels.Known(carried, row.eventTimeMs() + delay.toMillis(), 0));
    }
}
