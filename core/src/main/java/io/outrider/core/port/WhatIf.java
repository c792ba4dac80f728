package io.outrider.core.port;

import io.outrider.core.decision.Assessment;
import io.outrider.core.event.Transaction;
import java.util.concurrent.CompletionStage;

/** Scores hypothetical transactions against accounts as they are now; changes nothing. Thread-safe. */
public interface WhatIf extends KnownAccounts {

    /** The verdict on a transaction that has not happened. Fails with {@link UnavailableException} when no model is in force. */
    CompletionStage<Assessment> assess(Transaction transaction);
}
