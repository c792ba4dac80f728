package io.outrider.core.alert;

import io.outrider.core.event.Transaction;

/**
 * A transaction with all that was computed of it, alert or not. Published as JSON (see {@link ScoredEventCodec} and
 * {@code scored-transaction.schema.json}).
 *
 * @param id stable; that of the alert, if it raised one
 * @param rawScore what the model says, fused, in nats; higher is more anomalous
 * @param score the same calibrated, in [0, 1]: the share of ordinary traffic that scores lower
 * @param threshold the calibrated score from which on a transaction is anomalous
 * @param alert whether it raised an alert
 * @param review whether it raised none and is in the review sample
 */
public record ScoredEvent(
        String id,
        Transaction transaction,
        double rawScore,
        double score,
        double threshold,
        boolean alert,
        boolean review,
        Receipt receipt) {}
