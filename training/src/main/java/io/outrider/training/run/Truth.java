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
 * What is known of a dataset's rows at its end, and since when: the label that somebody gave; else the truth that the event carries, as
 * if known some time after it; else, where there are labels at all, genuine once it is so old that somebody would have said otherwise.
 * The end is the append time of the newest record in the dataset.
 */
public final class Truth {

    private final @Nullable KnownLabels labels;
    private final Duration delay;
    private final long settledUntilMs;

    private Truth(@Nullable KnownLabels labels, Duration delay, long settledUntilMs) {
        this.labels = labels;
        this.delay = delay;
        this.settledUntilMs = settledUntilMs;
    }

    /**
     * Of a dataset's version.
     *
     * @param delay after which a carried truth counts as known where the dataset does not say, and an unlabelled event as genuine
     * @param disk where temporary files may be made
     */
    public static Truth of(BlobStore lake, DatasetManifest dataset, Duration delay, Path disk) throws IOException {
        Duration declared = dataset.origin().labelDelay().orElse(null);
        if (declared != null || dataset.labels().count() == 0) {
            return new Truth(null, declared == null ? delay : declared, Long.MAX_VALUE);
        }
        long endMs = dataset.newestAppendMs();
        return new Truth(KnownLabels.read(lake, dataset, endMs, delay, disk), delay, endMs - delay.toMillis());
    }

    /**
     * Whether a model may be measured by what is known of a row. Not while it is younger than the delay: of those that somebody has
     * said something of by then, more alerted than not, and the others may be frauds yet. The truth that an event carries is always there.
     */
    public boolean settled(DatasetRow row) {
        return row.eventTimeMs() <= settledUntilMs || row.fraud() != null;
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
                : Optional.of(KnownLabels.Known.unlabelled(carried, row.eventTimeMs() + delay.toMillis()));
    }
}
