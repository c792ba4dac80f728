package io.outrider.core.event;

import io.outrider.core.pseudonym.AccountNames;
import java.time.Duration;

/**
 * What it takes to understand a label.
 *
 * @param maxAhead how far a transaction's event time may lie after its label became known
 * @param names under which accounts are known
 */
public record LabelReading(Duration maxAhead, AccountNames names) {

    /** A decoder for labels as they come, for one thread. */
    public LabelDecoder decoder() {
        return new LabelDecoder(maxAhead, false, names);
    }
}
