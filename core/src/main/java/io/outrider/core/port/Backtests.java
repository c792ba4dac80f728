package io.outrider.core.port;

import io.outrider.core.backtest.BacktestResult;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What backtests found. Thread-safe; a stage fails with {@link UnavailableException} when the lake can't be read. */
public interface Backtests {

    /** The kind of the runs that make them. */
    String KIND = "backtest";

    /**
     * What a run found.
     *
     * @param run its id
     * @return empty if there is no such run, or it found nothing, or its report is kept no more
     */
    CompletionStage<Optional<BacktestResult>> report(String run);
}
