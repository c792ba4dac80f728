package io.outrider.training.distributed;

/** What has become of an order. */
sealed interface ReplayOutcome {

    /** All of it is in the lake, its result, too. */
    enum Done implements ReplayOutcome {
        INSTANCE
    }

    /**
     * It could not be done.
     *
     * @param hopeless whether it would fail anywhere, and another time, too
     */
    record Failed(String why, boolean hopeless) implements ReplayOutcome {}

    /** This worker takes nothing of the run. */
    record Refused(String why) implements ReplayOutcome {}
}
