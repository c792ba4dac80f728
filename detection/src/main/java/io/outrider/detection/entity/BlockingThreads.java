package io.outrider.detection.entity;

import java.util.concurrent.Executor;

/**
 * Threads for calls that block, apart by how long they may wait for one another.
 *
 * @param leases looks at whose a partition is, one short read each: late ones keep partitions from taking events
 * @param checkpoints claims and checkpoints
 * @param loads what takes as long as a partition is large, and may come for many partitions at once
 * @param builds one thread, on which states of another plan are built, for hours perhaps
 */
public record BlockingThreads(Executor leases, Executor checkpoints, Executor loads, Executor builds) {}
