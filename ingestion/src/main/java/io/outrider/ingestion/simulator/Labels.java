package io.outrider.ingestion.simulator;

import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Which events are labelled, when, and how: every anomalous one as fraud of its kind, a few genuine ones as genuine (someone
 * looked), after a delay between half and one and a half times the average.
 */
final class Labels {

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
        AnomalyKind anomaly = event.anomaly();
        boolean fraud = anomaly != null;
        if (!fraud && !random.chance(GENUINE_SHARE)) {
            return null;
        }
        long delayMs = (long) (settings.labelDelay().toMillis() * random.between(0.5, 1.5));
        long timeMs = event.timeMs() + delayMs;
        Label label = new Label(
                transaction.transactionId(),
                transaction.account(),
                transaction.merchant(),
                transaction.eventTimeMs(),
                fraud,
                anomaly == null ? null : anomaly.wireName(),
                "simulator",
                1,
                timeMs);
        return new SimulatedLabel(timeMs, transaction.account(), LabelEncoder.encode(label));
    }
}
