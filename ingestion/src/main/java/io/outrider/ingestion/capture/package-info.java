/**
 * Capture where Event Hubs' own is not there: the topics' records go to the lake as the files that it would have written.
 * Reads by a consumer group of its own, writes through {@code lake.capture}; and gives the events of such files back as the
 * live stream would have.
 */
@NullMarked
package io.outrider.ingestion.capture;

import org.jspecify.annotations.NullMarked;
