package io.outrider.core.event;

import org.jspecify.annotations.Nullable;

/**
 * One event of an account, as the feature plan sees it. The names are those of the transaction plan; another plan's
 * {@link EventSchema} maps its own JSON fields onto the same roles (a sensor's reading is the {@code amount}).
 *
 * @param transactionId the producer's id; repeated ids are distinct events
 * @param account the account, never empty
 * @param amount finite; not negative unless the schema allows it
 * @param eventTimeMs milliseconds since the epoch, UTC
 * @param merchant the counterparty, or null if the event names none
 * @param device the device, or null
 * @param network the network the event came from (an address), or null
 * @param currency the currency, or null
 * @param fraud the simulated or historical truth, or null; never a model input
 */
public record Transaction(
        String transactionId,
        String account,
        double amount,
        long eventTimeMs,
        @Nullable String merchant,
        @Nullable String device,
        @Nullable String network,
        @Nullable String currency,
        @Nullable Boolean fraud)
        implements DecodeResult {

    /** The same of an account by another name. */
    public Transaction withAccount(String name) {
        return new Transaction(transactionId, name, amount, eventTimeMs, merchant, device, network, currency, fraud);
    }

    /** The same with another truth. */
    public Transaction withFraud(@Nullable Boolean truth) {
        return new Transaction(transactionId, account, amount, eventTimeMs, merchant, device, network, currency, truth);
    }
}
