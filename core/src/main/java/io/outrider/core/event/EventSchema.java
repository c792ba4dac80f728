package io.outrider.core.event;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which JSON field plays which role of a {@link Transaction}, and what it tolerates. Part of a feature plan's HOCON.
 * Optional roles are null where the event kind has no such field.
 *
 * @param maxAhead how far the event time may lie after the append time, compared at whole seconds
 */
public record EventSchema(
        String idField,
        String accountField,
        String amountField,
        String timestampField,
        @Nullable String merchantField,
        @Nullable String deviceField,
        @Nullable String networkField,
        @Nullable String currencyField,
        @Nullable String fraudField,
        boolean negativeAmounts,
        Duration maxAhead) {

    /** The default event: transactions as the design names them. */
    public static final EventSchema TRANSACTIONS = new EventSchema(
            "transaction_id",
            "user_id",
            "amount",
            "timestamp",
            "merchant_id",
            "device_type",
            "ip_address",
            "currency",
            "is_fraud",
            false,
            Duration.ofHours(1));

    /** The fields that events of this kind can have, in the order of their roles; the label is none of them. */
    public List<String> fields() {
        return Stream.of(
                        idField,
                        accountField,
                        amountField,
                        timestampField,
                        merchantField,
                        deviceField,
                        networkField,
                        currencyField)
                .filter(Objects::nonNull)
                .toList();
    }
}
