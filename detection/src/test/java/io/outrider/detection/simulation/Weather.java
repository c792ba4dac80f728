package io.outrider.detection.simulation;

/**
 * How often things go wrong, as probabilities per message, per call to the lake, and per look at the cluster.
 *
 * @param messages lost, repeated, or held up for a long time together with all behind it
 * @param lake failed before its effect, after it, or with the effect still to come
 * @param files damaged in the lake
 * @param nodes crashed, frozen, or taken the partition away
 * @param contexts another one is wanted
 */
record Weather(double messages, double lake, double files, double nodes, double contexts) {

    private static final double SOMETIMES = 0.04;

    static final Weather CALM = new Weather(0, 0, 0, 0, 0);

    /** A bit of everything. */
    static final Weather MIXED = new Weather(0.02, 0.06, 0, 0.02, SOMETIMES);

    /** Nodes freeze and partitions move all the time; messages mostly arrive, so that zombies live long. */
    static final Weather ZOMBIES = new Weather(0.002, 0.03, 0, 0.08, SOMETIMES);

    /** Owners that are owners no more go on for long, while contexts change and the log slowly grows. */
    static final Weather HAUNTED = new Weather(0, 0.02, 0, 0.05, 0.06);

    /** Checkpoint files are damaged, and nodes crash, so that it shows. */
    static final Weather ROT = new Weather(0.005, 0.03, 0.1, 0.05, SOMETIMES);

    /** Whether owners that are owners no more go on for long. */
    boolean isHaunted() {
        return contexts > SOMETIMES;
    }

    boolean isCalm() {
        return messages == 0 && lake == 0 && files == 0 && nodes == 0 && contexts == 0;
    }
}
