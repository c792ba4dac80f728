/**
 * Event Hubs Capture files: the raw log at rest, as Avro under {@code
 * CONTAINER/NAMESPACE/EVENTHUB/PARTITION/YEAR/MONTH/DAY/HOUR/MINUTE/SECOND.avro}. Reads what the service writes and writes
 * what it would have written.
 */
@NullMarked
package io.outrider.lake.capture;

import org.jspecify.annotations.NullMarked;
