/**
 * Merchant risk at rest: partitions' reports, the aggregator's book, the numbered tables. Written by partitions and the one
 * aggregator, read by every node. Depends on {@code checkpoint}.
 */
@NullMarked
package io.outrider.lake.risk;

import org.jspecify.annotations.NullMarked;
