package io.outrider.core.port;

import io.outrider.core.event.Erasure;
import io.outrider.core.event.LogPosition;
import java.util.concurrent.CompletionStage;

/** Puts erasures into the logs that are folded by account. Thread-safe. */
public interface ErasureMarks {

    /** Where an erasure lies. */
    record Marks(LogPosition transactions, LogPosition labels) {}

    /**
     * Appends an erasure to the transactions and the labels topic, behind all that the account has there. Completes when the
     * broker has acknowledged both; fails with {@link UnavailableException} when it does not in time. Twice is as good as once.
     */
    CompletionStage<Marks> append(Erasure erasure);
}
