package io.outrider.training.backtest;

import com.typesafe.config.Config;
import io.outrider.core.model.Model;
import io.outrider.training.dataset.DatasetManifest;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What is to be backtested.
 *
 * @param model the model
 * @param against another one to compare it with; null for none
 * @param from first event date, UTC; null for the dataset's
 * @param to last event date; null for the dataset's
 * @param disk where temporary files may be made
 */
public record BacktestRequest(
        DatasetManifest dataset,
        Config config,
        Model model,
        @Nullable Model against,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        Path disk) {

    public BacktestRequest {
        if (from != null && to != null && to.isBefore(from)) {
            throw new IllegalArgumentException("--to " + to + " lies before --from " + from);
        }
    }
}
