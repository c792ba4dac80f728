package io.outrider.training.supervisor;

import io.outrider.core.run.RunProgress;
import io.outrider.core.trace.Tracing;
import io.outrider.training.job.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * Does what the supervisor wants done on this node: one attempt of a kind at a time, each in a thread of the batch
 * dispatcher. It says how each stands at every beat, and how it ended until that is acknowledged, to whichever supervisor
 * has asked last.
 */
final class WorkerEntity extends AbstractBehavior<WorkerEntity.Command> {

    /** Where the supervisor finds the workers. */
    static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "outrider-batch-worker");

    /** What it understands. */
    sealed interface Command {}

    /** Begin; what has begun already goes on. */
    record Execute(
            Work work, Instant requestedAt, Map<String, String> parameters, ActorRef<SupervisorEntity.Command> replyTo)
            implements Command {}

    /** A new supervisor asks how an attempt stands. */
    record Attach(Work work, ActorRef<SupervisorEntity.Command> replyTo) implements Command {}

    /** Stop an attempt. */
    record Halt(Work work) implements Command {}

    /** It is known how an attempt ended. */
    record Acknowledge(Work work) implements Command {}

    /** The node stops: leave everything; answered when all has been left, and how it ended is known to the supervisor. */
    record Drain(ActorRef<Done> replyTo) implements Command {}

    private record Ended(Work work, WorkStatus status) implements Command {}

    private enum Beat implements Command {
        INSTANCE
    }

    /** What it is built from. */
    record Parts(Map<String, Job> jobs, Path disk, Duration heartbeat, Executor threads, Tracing tracing) {}

    /** An attempt it has, running or ended. */
    private static final class Held {
        final RunningJob job;
        ActorRef<SupervisorEntity.Command> supervisor;

        @Nullable
        WorkStatus end;

        Held(RunningJob job, ActorRef<SupervisorEntity.Command> supervisor) {
            this.job = job;
            this.supervisor = supervisor;
        }
    }

    private final Parts parts;
    private final Map<Work, Held> held = new LinkedHashMap<>();
    private @Nullable ActorRef<Done> drained;

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new WorkerEntity(context, timers, parts)));
    }

    private WorkerEntity(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context);
        this.parts = parts;
        context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
        timers.startTimerWithFixedDelay(Beat.INSTANCE, parts.heartbeat());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Execute.class, this::execute)
                .onMessage(Attach.class, this::attach)
                .onMessage(Halt.class, this::halt)
                .onMessage(Acknowledge.class, this::acknowledge)
                .onMessage(Drain.class, this::drain)
                .onMessage(Ended.class, this::ended)
                .onMessage(Beat.class, beat -> beat())
                .onSignal(PostStop.class, signal -> abandonAll())
                .build();
    }

    private Behavior<Command> execute(Execute execute) {
        Work work = execute.work();
        Held known = held.get(work);
        if (known != null) {
            known.supervisor = execute.replyTo();
            tell(work, known);
            return this;
        }
        Job job = parts.jobs().get(work.kind());
        String why = job == null ? "the node has no job of this kind" : refusal(work.kind());
        if (job == null || why != null) {
            execute.replyTo().tell(report(work, new WorkStatus.Failed(String.valueOf(why), false)));
            return this;
        }
        ActorRef<Command> self = getContext().getSelf();
        RunningJob running = new RunningJob(
                execute,
                parts.disk(),
                job,
                AttemptTrace.begin(parts.tracing(), work),
                status -> self.tell(new Ended(work, status)));
        Held begun = new Held(running, execute.replyTo());
        held.put(work, begun);
        parts.threads().execute(running);
        tell(work, begun);
        return this;
    }

    private @Nullable String refusal(String kind) {
        if (drained != null) {
            return "the node is stopping";
        }
        for (Map.Entry<Work, Held> one : held.entrySet()) {
            if (one.getKey().kind().equals(kind) && one.getValue().end == null) {
                return "the node has not ended attempt " + one.getKey().attempt() + " of "
                        + one.getKey().runId() + " yet";
            }
        }
        return null;
    }

    private Behavior<Command> attach(Attach attach) {
        Held known = held.get(attach.work());
        if (known == null) {
            attach.replyTo().tell(report(attach.work(), WorkStatus.Unknown.INSTANCE));
        } else {
            known.supervisor = attach.replyTo();
            tell(attach.work(), known);
        }
        return this;
    }

    private Behavior<Command> halt(Halt halt) {
        Held known = held.get(halt.work());
        if (known != null) {
            known.job.stop(WorkStatus.Halted.INSTANCE);
        }
        return this;
    }

    private Behavior<Command> acknowledge(Acknowledge acknowledge) {
        Held known = held.get(acknowledge.work());
        if (known != null && known.end != null) {
            held.remove(acknowledge.work());
        }
        return answerDrained();
    }

    private Behavior<Command> drain(Drain drain) {
        drained = drain.replyTo();
        getContext()
                .getSystem()
                .receptionist()
                .tell(Receptionist.deregister(KEY, getContext().getSelf()));
        abandonAll();
        return answerDrained();
    }

    private Behavior<Command> ended(Ended ended) {
        Held known = held.get(ended.work());
        if (known != null) {
            tell(ended.work(), known); // its last progress
            known.end = ended.status();
            tell(ended.work(), known);
        }
        return this;
    }

    private Behavior<Command> answerDrained() {
        if (drained != null && held.isEmpty()) {
            drained.tell(Done.getInstance());
        }
        return this;
    }

    private Behavior<Command> beat() {
        held.forEach(this::tell);
        return this;
    }

    private Behavior<Command> abandonAll() {
        held.values().forEach(one -> one.job.stop(WorkStatus.Abandoned.INSTANCE));
        return this;
    }

    private void tell(Work work, Held one) {
        RunProgress progress = one.job.progress();
        one.supervisor.tell(report(work, one.end == null ? new WorkStatus.Working(progress) : one.end));
    }

    private SupervisorEntity.Report report(Work work, WorkStatus status) {
        return new SupervisorEntity.Report(work, status, getContext().getSelf());
    }
}
