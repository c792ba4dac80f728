package io.outrider.lake.files;

import io.outrider.core.event.Transaction;

/**
 * An accepted event of a history.
 *
 * @param fraudScenario the column {@code fraud_scenario}, for evaluation per scenario only; -1 where the file has none
 */
public record FileEvent(Transaction transaction, int fraudScenario) {}
