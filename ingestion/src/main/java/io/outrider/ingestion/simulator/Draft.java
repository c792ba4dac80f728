package io.outrider.ingestion.simulator;

import org.jspecify.annotations.Nullable;

/** An event before it has its id: ids number a slice's events in order of time. */
record Draft(
        long timeMs,
        int account,
        int merchant,
        double amount,
        String device,
        String network,
        @Nullable AnomalyKind anomaly) {}
