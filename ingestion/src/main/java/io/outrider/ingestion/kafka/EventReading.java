package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventSchema;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.trace.Tracing;

/** What it takes to understand an event: its fields, and where its account belongs; and what follows some of them. */
public record EventReading(EventSchema schema, AccountPartitioner partitioner, Tracing tracing) {

    /** Without traces. */
    public EventReading(EventSchema schema, AccountPartitioner partitioner) {
        this(schema, partitioner, Tracing.OFF);
    }
}
