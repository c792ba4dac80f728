package io.outrider.ingestion.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.event.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are labelled, when, and how: every anomalous one as fraud, a few genuine ones as genuine (someone
 * looked), after a delay between half and one and a half times the average. A label is
 * {@code {label_id, transaction_id, account, merchant_id, event_time, verdict: fraud|genuine, by, version}}.
 */
final class Labels {

    private static final JsonFactory JSON = new JsonFactory();
    private static final double GENUINE_SHARE = 0.002;

    private final SimulatorSettings settings;

    Labels(SimulatorSettings settings) {
        this.settings = settings;
    }

    long longestDelayMs() {
        return settings.labelDelay().toMillis() * 3 / 2;
    }

    @Nullable
    SimulatedLabel of(SimulatedEvent event) {
        Transaction transaction = event.transaction();
        SimulatorRandom random = SimulatorRandom.of(
                settings.seed(),
                9,
                transaction.transactionId().hashCode(),
                transaction.account().hashCode(),
                transaction.eventTimeMs());
        boolean fraud = event.anomaly() != null;
        if (!fraud && !random.chance(GENUINE_SHARE)) {
            return null;
        }
        long delayMs = (long) (settings.labelDelay().toMillis() * random.between(0.5, 1.5));
        return new SimulatedLabel(
                event.timeMs() + delayMs, transaction.account(), json(transaction, fraud ? "fraud" : "genuine"));
    }

    private static byte[] json(Transaction transaction, String verdict) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("label_id", "simulated-" + transaction.transactionId());
            json.writeStringField("transaction_id", transaction.transactionId());
            json.writeStringField("account", transaction.account());
            if (transaction.merchant() != null) {
                json.writeStringField("merchant_id", transaction.merchant());
            }
            json.writeStringField(
                    "event_time",
                    Instant.ofEpochMilli(transaction.eventTimeMs()).toString());
            json.writeStringField("verdict", verdict);
            json.writeStringField("by", "simulator");
            json.writeNumberField("version", 1);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }
}
