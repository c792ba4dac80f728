/**
 * Models coming into force and leaving it: each node publishes what it counts, one of the cluster watches and rolls back or
 * promotes, and changes asked for by people go through the same desk. What is to be in force is written to the lake;
 * {@link io.outrider.detection.Detection} follows it at barriers. Depends on {@code core.rollout} and {@code lake}. Calls
 * block, on threads that are for that.
 */
@NullMarked
package io.outrider.detection.rollout;

import org.jspecify.annotations.NullMarked;
