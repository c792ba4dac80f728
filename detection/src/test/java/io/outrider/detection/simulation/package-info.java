/**
 * A whole cluster's dealings with one partition in virtual time, drawn from a seed: the production classes of {@code
 * protocol}, {@code scoring} and {@code lake.checkpoint} between a simulated log, broker, lake, transport and clock.
 */
@NullMarked
package io.outrider.detection.simulation;

import org.jspecify.annotations.NullMarked;
