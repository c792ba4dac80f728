package io.outrider.detection.protocol;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantCounts;
import io.outrider.lake.checkpoint.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * What a partition's run does to the world. Answers come back as later calls on the run, never from within these.
 * Delivery to accounts may fail silently; publishing and writing go on until they have succeeded.
 */
public interface PartitionEffects {

    /**
     * Delivers a message to an account, at most once; {@link PartitionRun#onReply} takes the answer. In order among those
     * to a peer, and among those to none.
     *
     * @param peer the account in memory, if it has answered from there; null if it is to be looked for
     */
    void send(String account, @Nullable AccountPeer peer, AccountMessage message);

    /** Publishes an alert; then {@link PartitionRun#onPublished} with the interval. */
    void publish(long interval, RaisedAlert alert);

    /** Publishes a scored transaction; then {@link PartitionRun#onPublished} with the interval. */
    void publish(long interval, ScoredRecord scored);

    /** Publishes a dead letter; then {@link PartitionRun#onPublished} with the interval. */
    void publish(long interval, DeadLetter letter);

    /**
     * Tells what the records of an interval count at merchants; to be made durable before the checkpoint that follows.
     * It is true whether or not that takes effect, but counts only if it does.
     *
     * @param fromOffset of the interval's first record
     * @param nextOffset behind its last
     */
    default void report(long fromOffset, long nextOffset, MerchantCounts merchants) {}

    /** Makes a checkpoint durable; then {@link PartitionRun#onWritten}, or {@link PartitionRun#onFenced}. */
    void write(Checkpoint checkpoint);

    /** Looks in the lake whose the partition is; then {@link PartitionRun#onSeen} or {@link PartitionRun#onFenced}. May fail silently. */
    void look();

    /** Asks for the log's end; then {@link PartitionRun#onLogEnd}. May fail silently. */
    void askLogEnd();

    /** The offered group is taken and there is room for another: the next may be offered. */
    void taken();

    /** An account has answered for these events. */
    void folded(int events, int late);

    /** The last of a group's accounts has answered; its newest record was appended at this time. */
    void decided(long appendTimeMs);

    /** Records below the run's position came again and were left out. */
    void skipped(int records);

    /** A checkpoint is durable: everything below the offset is done, and this context is in force behind it. */
    void committed(long nextOffset, ContextRef context);

    /** After {@link PartitionRun#drain}: everything taken is durable. */
    void drained();

    /** Something was lost: the run does nothing more, and a new one must start from the last checkpoint. */
    void lost(String reason);

    /** After {@link PartitionRun#end}: no account of the run is left in memory. */
    void ended();
}
