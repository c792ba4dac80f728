package io.outrider.core.port;

import io.outrider.core.port.TransactionIntake.Outcome;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Takes labels from outside onto the labels topic. Thread-safe. */
public interface LabelIntake {

    /**
     * Validates each JSON object and appends the valid ones, by account. Completes when the broker has acknowledged
     * all of them; fails with {@link UnavailableException} when it does not in time (some may have been appended, and
     * the same label again changes nothing).
     */
    CompletionStage<List<Outcome>> submitLabels(List<byte[]> labels);
}
