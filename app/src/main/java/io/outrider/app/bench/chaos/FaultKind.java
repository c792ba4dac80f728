package io.outrider.app.bench.chaos;

import java.util.Locale;

/** What can befall a running cluster. */
enum FaultKind {
    /** SIGKILL, and a new process after a while. */
    KILL(Target.NODE, 1, 25),
    /** SIGSTOP for longer than every timeout, then SIGCONT. */
    FREEZE(Target.NODE, 13, 30),
    /** SIGTERM, and a new process when the old one has ended. */
    STOP(Target.NODE, 0, 5),
    /** Nothing passes between this node and the other nodes; broker and lake are within its reach. */
    PARTITION(Target.NODE, 10, 30),
    /** SIGKILL of the only broker, and a new process on its data. */
    BROKER(Target.BROKER, 0, 5),
    /** The lake answers this node's requests with 503. */
    BLOB_BUSY(Target.LAKE, 5, 25),
    /** Every piece of data between this node and the lake is late. */
    BLOB_SLOW(Target.LAKE, 5, 25),
    /** Half of the lake's answers to this node are lost, after the request took effect. */
    BLOB_LOST_ANSWERS(Target.LAKE, 5, 25);

    /** What a fault is done to: one node's process and network, its way to the lake, or the broker. */
    enum Target {
        NODE,
        LAKE,
        BROKER
    }

    private final Target target;
    private final int shortestSeconds;
    private final int longestSeconds;

    FaultKind(Target target, int shortestSeconds, int longestSeconds) {
        this.target = target;
        this.shortestSeconds = shortestSeconds;
        this.longestSeconds = longestSeconds;
    }

    Target target() {
        return target;
    }

    int shortestSeconds() {
        return shortestSeconds;
    }

    int longestSeconds() {
        return longestSeconds;
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
