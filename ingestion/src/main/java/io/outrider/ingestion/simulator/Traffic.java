package io.outrider.ingestion.simulator;

import java.util.List;

/**
 * A simulated world's events, cut into slices of time. A slice is a function of the seed and its number alone: asked
 * again, in any order and in any process, it is the same. For one thread (it may remember what it worked out).
 */
interface Traffic {

    /** How long a slice is; slice n covers [n × length, (n + 1) × length) since the epoch. */
    long sliceMs();

    /** The slice's events in order of time. */
    List<SimulatedEvent> slice(long number);
}
