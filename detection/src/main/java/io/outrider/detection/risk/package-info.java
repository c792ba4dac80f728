/**
 * Merchant risk: the one aggregator that makes numbered tables of labels and of what partitions report. Partitions take a
 * table up as a part of their context.
 */
@NullMarked
package io.outrider.detection.risk;

import org.jspecify.annotations.NullMarked;
