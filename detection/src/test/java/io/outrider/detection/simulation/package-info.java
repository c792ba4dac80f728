/**
 * A whole cluster's dealings with one partition in virtual time, drawn from a seed: the partition's actor of production, and all
 * it works with in {@code entity}, {@code protocol}, {@code scoring} and {@code lake.checkpoint}, between a simulated log, consumer
 * group, broker, lake, transport and clock.
 */
@NullMarked
package io.outrider.detection.simulation;

import org.jspecify.annotations.NullMarked;
