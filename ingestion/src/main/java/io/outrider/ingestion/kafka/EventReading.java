package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventSchema;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.trace.Tracing;

/**
 * What it takes to understand an event: its fields, where its account belongs, and under which name it is known; and what follows
 * some of them.
 */
public record EventReading(
        EventSchema schema, AccountPartitioner partitioner, PseudonymKey pseudonyms, Tracing tracing) {

    /** By accounts' ids, without traces. */
    public EventReading(EventSchema schema, AccountPartitioner partitioner) {
        this(schema, partitioner, PseudonymKey.NONE, Tracing.OFF);
    }
}
