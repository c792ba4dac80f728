package io.outrider.app.node;

import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.port.Backtests;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.UnavailableException;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetReports;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** The reports of backtests in the lake; reading blocks a thread that may block. */
final class StoredBacktests implements Backtests {

    private final DatasetReports reports;
    private final Executor blocking;

    StoredBacktests(ActorSystem<?> system, BlobStore lake) {
        this.reports = new DatasetReports(lake);
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public CompletionStage<Optional<BacktestResult>> report(String run) {
        return CompletableFuture.supplyAsync(
                () -> {
                    // A name of a file, and so never anything but a run's id.
                    if (!run.matches(KIND + "-[1-9]\\d{0,17}")) {
                        return Optional.empty();
                    }
                    try {
                        Optional<byte[]> report = reports.get(run);
                        return report.isEmpty()
                                ? Optional.empty()
                                : Optional.of(DatasetJson.read(run, report.get(), BacktestResult.class));
                    } catch (IOException e) {
                        throw new UnavailableException("the report cannot be read: " + e.getMessage(), e);
                    }
                },
                blocking);
    }
}
