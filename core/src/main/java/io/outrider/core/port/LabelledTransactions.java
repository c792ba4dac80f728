package io.outrider.core.port;

import io.outrider.core.alert.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Transactions that people have labelled and whose vectors are kept, so that any model of their plan can be asked about them: alerts,
 * and the review sample where scored transactions are published. Calls block. Thread-safe.
 */
public interface LabelledTransactions {

    /**
     * One of them.
     *
     * @param alerted whether it raised an alert, else it is of the review sample
     * @param fraud what the label that counts says
     */
    record Labelled(Receipt receipt, long eventTimeMs, boolean alerted, boolean fraud) {}

    /** Hands over those from so long before the newest transaction on that is kept. */
    void forEach(Duration back, Consumer<Labelled> taker) throws IOException;
}
