package io.outrider.detection.simulation;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.entity.PartitionBoard;
import io.outrider.detection.entity.PartitionEntity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** What ingestion is to a partition on one node: claims it when the group gives it, streams the log into it, and releases it. */
final class SimulatedConsumer {

    private final PartitionSimulation world;
    private final SimulatedProcess process;
    private final List<TestInbox<StatusReply<Done>>> releases = new ArrayList<>();

    /** The context that this node has heard of. */
    private ContextRef wanted;

    /** Whether the last word was a claim, not a release. */
    private boolean claimed;

    private @Nullable TestInbox<StatusReply<Long>> claim;
    private boolean streaming;
    private long epoch;
    private long position;
    private @Nullable CompletableFuture<Done> offered;

    /** Ended by the partition, of which the stream may learn late. */
    private boolean aborted;

    SimulatedConsumer(PartitionSimulation world, SimulatedProcess process) {
        this.world = world;
        this.process = process;
        this.wanted = world.wanted();
    }

    boolean isIdle() {
        return !claimed && releases.isEmpty();
    }

    /** Whether the partition is claimed, or runs. */
    boolean isClaimed() {
        return claimed;
    }

    /** Learns what the others know: the context that is wanted, and whose the partition is. */
    void follow() {
        hear();
        boolean mine = world.isAssigned(process.node());
        boolean learns = mine || world.isSettled() || world.random.nextInt(world.isHaunted() ? 64 : 8) == 0;
        if (learns && !wanted.equals(world.wanted())) {
            wanted = world.wanted();
            process.tell(new PartitionEntity.ChangeContext(
                    wanted, TestInbox.<StatusReply<Done>>create().getRef()));
        }
        boolean read = streaming && offered == null && position == world.log.size();
        PartitionBoard.Status status = process.status();
        boolean done = mine && world.isSettled() && read && status != null && status.running();
        if (mine && !claimed) {
            claim();
        } else if (claimed && (done || (!mine && learns))) {
            release();
        }
    }

    /** Offers what the log has next, sometimes with records that were brought before. */
    void stream() {
        hear();
        long end = world.log.written();
        if (!streaming || offered != null || position >= end) {
            return;
        }
        long to = Math.min(end, position + 1 + world.random.nextInt(world.isHaunted() ? 40 : 6));
        boolean setBack = world.loses();
        EventGroup group = setBack ? setBack(Math.max(0, position - 2), to) : world.log.group(position, to);
        position = group.nextOffset();
        CompletableFuture<Done> taken = new CompletableFuture<>();
        offered = taken;
        process.tell(new PartitionEntity.Offer(epoch, group, taken));
    }

    /**
     * A group that was gathered while the consumer was set back: its records come a second time, all or some, and where they end it
     * ends, and the stream goes on.
     */
    private EventGroup setBack(long from, long to) {
        long again = from + 1 + (to - from) / (1 + to % 2);
        EventGroup first = world.log.group(from, to);
        EventGroup second = world.log.group(from, Math.min(to, again));
        List<LoggedEvent> events = new ArrayList<>(first.events());
        events.addAll(second.events());
        List<DeadLetter> letters = new ArrayList<>(first.deadLetters());
        letters.addAll(second.deadLetters());
        return new EventGroup(first.partition(), events, letters, second.nextOffset());
    }

    private void claim() {
        TestInbox<StatusReply<Long>> answer = TestInbox.create();
        claim = answer;
        claimed = true;
        streaming = false;
        offered = null;
        process.tell(new PartitionEntity.Claim(wanted, answer.getRef()));
    }

    private void release() {
        TestInbox<StatusReply<Done>> answer = TestInbox.create();
        releases.add(answer);
        claim = null;
        claimed = false;
        streaming = false;
        offered = null;
        process.tell(new PartitionEntity.Release(answer.getRef()));
    }

    /** The stream is to begin anew, with or without a release before. */
    private void fail() {
        if (world.isAssigned(process.node()) && world.random.nextBoolean()) {
            claim();
        } else {
            release();
        }
    }

    /** Takes the partition's answers. */
    private void hear() {
        if (releases.removeIf(TestInbox::hasMessages)) {
            world.released();
        }
        TestInbox<StatusReply<Long>> asked = claim;
        if (asked != null && asked.hasMessages()) {
            StatusReply<Long> answer = asked.receiveMessage();
            PartitionBoard.Status status = process.status();
            claim = null;
            streaming = answer.isSuccess();
            if (answer.isSuccess() && status != null) {
                position = answer.getValue();
                epoch = status.epoch();
                aborted = false;
                long begun = epoch;
                process.tell(new PartitionEntity.Streams(begun, lost -> aborted |= epoch == begun));
            } else {
                fail();
            }
        }
        CompletableFuture<Done> waiting = offered;
        if (waiting != null && waiting.isDone()) {
            offered = null;
            aborted |= waiting.isCompletedExceptionally();
        }
        if (streaming && aborted) {
            fail();
        }
    }
}
