/**
 * Puts history files onto a topic in event order. Reads through {@code lake.files}, appends through
 * {@code ingestion.kafka}. A replay belongs to the thread that runs it.
 */
@NullMarked
package io.outrider.ingestion.replay;

import org.jspecify.annotations.NullMarked;
