/**
 * Kafka on the way in: settings, topics, the source that turns partitions into event groups, and the intake that takes
 * events from outside onto the log. Calls detection only through {@code PartitionOwner}, which the composition root
 * supplies. The source runs as Pekko streams; the other classes are thread-safe or say otherwise.
 */
@NullMarked
package io.outrider.ingestion.kafka;

import org.jspecify.annotations.NullMarked;
