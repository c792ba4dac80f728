/**
 * One ETL run's partitions on many nodes: the node that the run is on hands them out one by one to workers on all batch nodes,
 * gives those of a worker that is lost to another, and publishes what they have put into the lake.
 */
@NullMarked
package io.outrider.training.distributed;

import org.jspecify.annotations.NullMarked;
