package io.outrider.app.node;

import io.outrider.core.port.BlobStore;
import io.outrider.core.port.DataQuality;
import io.outrider.core.port.UnavailableException;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.Quality;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** The quality report of the dataset that this cluster makes; reading blocks a thread that may block. */
final class StoredQuality implements DataQuality {

    private final Datasets datasets;
    private final String dataset;
    private final Executor blocking;

    StoredQuality(ActorSystem<?> system, BlobStore lake, String container, String dataset) {
        this.datasets = new Datasets(lake, container);
        this.dataset = dataset;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public CompletionStage<Optional<Report>> newest() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return datasets.newest(dataset).map(StoredQuality::report);
                    } catch (IOException e) {
                        throw new UnavailableException("the dataset cannot be read: " + e.getMessage(), e);
                    }
                },
                blocking);
    }

    private static Report report(DatasetManifest manifest) {
        return new Report(
                manifest.dataset(),
                manifest.version(),
                manifest.createdAt(),
                manifest.gate().failures(),
                counts(manifest.added()),
                counts(manifest.total()));
    }

    private static Counts counts(Quality quality) {
        List<Column> columns = quality.columns().entrySet().stream()
                .map(column -> new Column(
                        column.getKey(),
                        column.getValue().nulls(),
                        column.getValue().min(),
                        column.getValue().max()))
                .toList();
        return new Counts(
                quality.rows(), quality.bad(), quality.repeated(), quality.missing(), quality.late(), columns);
    }
}
