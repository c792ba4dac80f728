package io.outrider.detection.entity;

import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountPeer;
import io.outrider.detection.protocol.AccountReply;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.CapturedLogEvent;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.jspecify.annotations.Nullable;

/** The actor of partition 0 without an actor system: each of its steps is taken on the caller's thread, when the caller says so. */
public final class SteppedPartition {

    private final BehaviorTestKit<PartitionEntity.Command> actor;
    private final List<Effect.TimerScheduled<?>> timers = new ArrayList<>();

    public SteppedPartition(Surroundings node) {
        this.actor = BehaviorTestKit.create(PartitionEntity.create(0, node));
    }

    /** What a command on its way to an account has for it. */
    public static AccountMessage message(AccountEntity.Command command) {
        return ((AccountEntity.Deliver) command).message();
    }

    /** Tells the actor something, to be handled behind what it has been told before. */
    public void tell(PartitionEntity.Command command) {
        actor.getRef().tell(command);
        settle();
    }

    public void answer(AccountReply reply, @Nullable AccountPeer from) {
        tell(new PartitionEntity.Answer(reply, from));
    }

    public void tick() {
        tell(PartitionEntity.Tick.INSTANCE);
    }

    /** Lets the timers run out that were set since the last time. */
    public void ring() {
        List<Effect.TimerScheduled<?>> set = List.copyOf(timers);
        timers.clear();
        set.forEach(timer -> timer.send().apply());
        settle();
    }

    /**
     * Handles what has come meanwhile, also from other threads.
     *
     * @throws IllegalStateException if the actor has failed, ever: it has started over, as it would in a system
     */
    public void settle() {
        while (actor.selfInbox().hasMessages()) {
            actor.runOne();
        }
        for (Effect effect : actor.getAllEffects()) {
            if (effect instanceof Effect.TimerScheduled<?> timer) {
                timers.add(timer);
            }
        }
        List<CapturedLogEvent> failures = actor.getAllLogEntries();
        if (!failures.isEmpty()) {
            throw new IllegalStateException("the partition's actor has failed: " + failures);
        }
    }
}
