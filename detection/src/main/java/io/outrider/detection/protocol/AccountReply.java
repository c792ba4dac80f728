package io.outrider.detection.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an account answers to its partition's run. */
public sealed interface AccountReply {

    String account();

    /** The epoch of the message that is answered. */
    long epoch();

    /**
     * A batch is folded.
     *
     * @param number the batch's
     * @param interval the batch's
     * @param events how many events the batch had
     * @param late how many of them were too late for every window
     * @param alerts those the batch raised, in offset order
     * @param scored the scored transactions of the batch that are to be published, in offset order
     * @param snapshot the encoded state behind the batch, if it was asked for
     */
    record Folded(
            String account,
            long epoch,
            long number,
            long interval,
            int events,
            int late,
            List<RaisedAlert> alerts,
            List<ScoredRecord> scored,
            byte @Nullable [] snapshot)
            implements AccountReply {}

    /** The message cannot be served: something before it was lost, or the account serves another epoch. */
    record Refused(String account, long epoch, String reason) implements AccountReply {}

    /** The account has left memory. */
    record Retired(String account, long epoch) implements AccountReply {}
}
