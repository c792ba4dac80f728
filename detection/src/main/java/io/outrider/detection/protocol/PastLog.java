package io.outrider.detection.protocol;

import io.outrider.core.event.EventGroup;
import java.io.IOException;
import java.util.function.Consumer;

/** The transactions topic from its first record on, as decoded live, wherever its records still are. Calls block. */
@FunctionalInterface
public interface PastLog {

    /**
     * Gives all records of [from, to) of a partition, in groups, in order; these may overlap, and bring what lies before.
     *
     * @throws IOException if they cannot all be had, some perhaps given before
     */
    void read(int partition, long from, long to, Consumer<EventGroup> taker) throws IOException;
}
