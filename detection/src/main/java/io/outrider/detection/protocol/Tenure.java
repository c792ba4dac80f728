package io.outrider.detection.protocol;

/**
 * How long a run may believe that its partition is its own, and from where on it may change the context.
 *
 * <p>A frozen owner that is thawed does not know that another has claimed the partition meanwhile. Its checkpoints are
 * refused, but what it decides is published. That does no harm as long as both decide under the same context. So two
 * things hold: an owner takes no records once its lease is over, which begins anew each time it sees its claim in the
 * lake; and the next owner changes the context only behind what the log held when every such lease must have ended. What
 * a former owner has decided thus lies below, where its successor decides the same (Gray and Cheriton, "Leases", 1989).
 *
 * <p>Times are milliseconds of a clock that goes on while the process is frozen and that nobody sets.
 */
public final class Tenure {

    /** Clocks of two machines may differ in speed, by far less than one part in this. */
    private static final int DRIFT = 10;

    /** What is asked and not answered is asked again after this part of the lease. */
    private static final int ASK_AGAIN = 8;

    private final long leaseMs;
    private final long othersEndMs;
    private long seenMs;
    private long lookedMs;
    private long askedMs = Long.MIN_VALUE / 2;
    private long settledOffset;
    private boolean settled;

    /**
     * Begins with a claim.
     *
     * @param epoch the claim's; before the first nobody can have owned the partition
     * @param leaseMs how long the claim may go unseen
     * @param claimMs a moment before the claim was written
     * @param nowMs one after it
     * @param logEnd the log's end then
     */
    public Tenure(long epoch, long leaseMs, long claimMs, long nowMs, long logEnd) {
        this.leaseMs = leaseMs;
        this.othersEndMs = nowMs + leaseMs + leaseMs / DRIFT;
        this.seenMs = claimMs;
        this.lookedMs = claimMs;
        this.settledOffset = logEnd;
        this.settled = epoch == 1;
    }

    /** Whether records may be taken. */
    public boolean holds(long nowMs) {
        return nowMs - seenMs < leaseMs;
    }

    /** Whether it is time to look for the claim in the lake; if so, that counts as begun. */
    boolean looks(long nowMs) {
        boolean due = nowMs - seenMs >= leaseMs / 2 && nowMs - lookedMs >= leaseMs / ASK_AGAIN;
        lookedMs = due ? nowMs : lookedMs;
        return due;
    }

    /** The claim was still there at some moment after {@code sinceMs}. */
    void seen(long sinceMs) {
        seenMs = Math.max(seenMs, sinceMs);
    }

    /** Whether it is time to ask for the log's end; if so, that counts as begun. */
    boolean asksLogEnd(long nowMs) {
        boolean due = !settled && nowMs >= othersEndMs && nowMs - askedMs >= leaseMs / ASK_AGAIN;
        askedMs = due ? nowMs : askedMs;
        return due;
    }

    /** The log's end, as it was at some moment after it was asked for. */
    void settle(long logEnd) {
        settledOffset = settled ? settledOffset : Math.max(settledOffset, logEnd);
        settled = true;
    }

    /** Whether all records below the offset that an earlier owner may have decided are behind it. */
    boolean maySwitch(long nextOffset) {
        return settled && nextOffset >= settledOffset;
    }
}
