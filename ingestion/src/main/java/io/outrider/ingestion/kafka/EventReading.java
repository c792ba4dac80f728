package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventSchema;
import io.outrider.core.partition.AccountPartitioner;

/** What it takes to understand an event: its fields, and where its account belongs. */
public record EventReading(EventSchema schema, AccountPartitioner partitioner) {}
