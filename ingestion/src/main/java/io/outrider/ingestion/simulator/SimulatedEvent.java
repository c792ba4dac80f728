package io.outrider.ingestion.simulator;

import io.outrider.core.event.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * One simulated event.
 *
 * @param anomaly what it was injected as, or null for a genuine one
 */
public record SimulatedEvent(
        Transaction transaction, @Nullable AnomalyKind anomaly, byte[] json) implements SimulatedRecord {

    @Override
    public long timeMs() {
        return transaction.eventTimeMs();
    }

    @Override
    public String account() {
        return transaction.account();
    }
}
