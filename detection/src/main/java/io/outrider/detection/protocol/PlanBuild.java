package io.outrider.detection.protocol;

import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A partition's accounts under another feature plan than its run's: folded from its log, from the first record on, behind what the run
 * has made durable. A state is a function of the log and the plan, so nothing need be asked of the run; when the run closes a barrier,
 * the build is brought up to exactly that, and its states are the checkpoint. What its events raise is dropped: they were decided
 * under the old plan. Thread-safe; calls block.
 */
public final class PlanBuild implements AutoCloseable {

    private final AccountFold<?> fold;
    private final ContextRef context;
    private final PastLog log;
    private final int partition;
    private final PassiveAccounts accounts;
    private volatile long nextOffset;
    private volatile boolean closed;

    /**
     * A build of nothing yet.
     *
     * @param context what events count as decided under, where states depend on that: recent scores, cool-downs, episodes
     * @param accounts keeps the states; empty, and this build's from now on
     */
    public PlanBuild(AccountFold<?> fold, ContextRef context, PastLog log, int partition, PassiveAccounts accounts) {
        this.fold = fold;
        this.context = context;
        this.log = log;
        this.partition = partition;
        this.accounts = accounts;
    }

    /** All records below are in the states. */
    public long nextOffset() {
        return nextOffset;
    }

    /**
     * Folds all records below an offset, unless it has.
     *
     * @throws IOException if they cannot be had; may be tried again
     * @throws RuntimeException if the states cannot be kept or folded: then the build is worth nothing
     */
    public synchronized void advance(long to) throws IOException {
        if (to > nextOffset) {
            try {
                log.read(partition, nextOffset, to, group -> take(group.before(to)));
            } catch (RuntimeException e) {
                closed = true; // a group may have been folded in part
                throw e;
            }
            nextOffset = to;
        }
    }

    private void take(EventGroup group) {
        if (closed) {
            throw new UncheckedIOException(new IOException("the build is given up"));
        }
        Map<String, AccountFold.Account> touched = new LinkedHashMap<>();
        Map<String, Boolean> known = new LinkedHashMap<>();
        long next = nextOffset;
        for (LoggedEvent event : group.events()) {
            if (event.offset() < next) {
                continue;
            }
            next = event.offset() + 1;
            AccountFold.Account account =
                    touched.computeIfAbsent(event.transaction().account(), name -> {
                        byte[] state = accounts.take(name);
                        known.put(name, state != null);
                        return fold.open(state, context);
                    });
            if (event.erases()) {
                account.erase();
            } else {
                account.fold(event, context);
            }
        }
        touched.forEach((name, account) -> accounts.put(name, account.snapshot(), known.getOrDefault(name, false)));
        nextOffset = Math.max(next, group.nextOffset());
    }

    /**
     * The checkpoint of a barrier with this build's states, all of them, in place of the run's; {@link #written} when it needs none
     * any more.
     */
    public synchronized Checkpoint checkpoint(Checkpoint barrier) throws IOException {
        advance(barrier.nextOffset());
        if (closed || nextOffset != barrier.nextOffset()) {
            throw new UncheckedIOException(new IOException("states built up to offset " + nextOffset
                    + " are of no use at barrier " + barrier.barrier() + ", at " + barrier.nextOffset()));
        }
        AccountStream states = accounts.cut();
        return new Checkpoint(barrier.barrier(), barrier.nextOffset(), barrier.context(), true, states);
    }

    /** The checkpoint is not read any more. */
    public synchronized void written() {
        accounts.endCut();
    }

    /** Gives the build up; one that advances ends soon. */
    public void giveUp() {
        closed = true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        accounts.close();
    }
}
