package io.outrider.training.supervisor;

import io.outrider.core.port.Runs;
import io.outrider.core.run.Run;
import io.outrider.core.run.RunPlace;
import io.outrider.core.run.RunRequest;
import io.outrider.core.run.RunState;
import io.outrider.core.telemetry.BatchMetrics;
import io.outrider.training.job.Job;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one supervisor of the cluster. It reads and writes the lake in its own thread, so it wants a dispatcher of its own: what it
 * has not put down it does not do. When a write fails, or another supervisor has written, it starts again from what stands
 * in the lake.
 */
final class SupervisorEntity extends AbstractBehavior<SupervisorEntity.Command> {

    private static final Logger LOG = LoggerFactory.getLogger(SupervisorEntity.class);

    /** What it understands. */
    sealed interface Command {}

    record Start(String kind, RunRequest request, ActorRef<Reply> replyTo) implements Command {}

    record ListRuns(String kind, @Nullable Long before, int limit, ActorRef<Reply> replyTo) implements Command {}

    record Find(String kind, long number, ActorRef<Reply> replyTo) implements Command {}

    record Cancel(String kind, long number, ActorRef<Reply> replyTo) implements Command {}

    /** A worker's word. */
    record Report(Work work, WorkStatus status, ActorRef<WorkerEntity.Command> from) implements Command {}

    /** The singleton goes to another node. */
    enum Stop implements Command {
        INSTANCE
    }

    private record Workers(Receptionist.Listing listing) implements Command {}

    private record WorkerGone(ActorRef<WorkerEntity.Command> worker) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** What it answers. */
    sealed interface Reply {}

    record Started(Runs.Answer answer) implements Reply {}

    /** Null: there is no such kind. */
    record Listed(Runs.@Nullable Page page) implements Reply {}

    record Found(@Nullable Run run) implements Reply {}

    record Cancelled(Runs.Cancellation answer) implements Reply {}

    /** What it is built from. */
    record Parts(
            SupervisorSettings settings, Map<String, Job> jobs, RunFiles files, Clock clock, BatchMetrics metrics) {}

    private final Parts parts;
    private final ActorRefResolver refs;
    private final RunTally tally;
    private final Map<String, KindSupervision> kinds = new TreeMap<>();
    private final Map<String, Instant> seenTo = new TreeMap<>();
    private final Set<ActorRef<WorkerEntity.Command>> watched = new HashSet<>();
    private List<String> workers = List.of();

    /**
     * The supervisor's behavior.
     *
     * @param files for each life another, which knows nothing yet
     */
    static Behavior<Command> create(
            SupervisorSettings settings, Map<String, Job> jobs, Files files, Clock clock, BatchMetrics metrics) {
        Behavior<Command> behavior = Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new SupervisorEntity(context, timers, new Parts(settings, jobs, files.open(), clock, metrics))));
        return Behaviors.supervise(behavior)
                .onFailure(
                        Exception.class,
                        SupervisorStrategy.restartWithBackoff(settings.restartFirst(), settings.restartLongest(), 0.1));
    }

    /** Opens the history. */
    interface Files {
        RunFiles open();
    }

    private SupervisorEntity(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts)
            throws IOException {
        super(context);
        this.parts = parts;
        this.refs = ActorRefResolver.get(context.getSystem());
        this.tally = new RunTally(parts.metrics(), now());
        for (Map.Entry<String, Job> job : parts.jobs().entrySet()) {
            load(job.getKey(), job.getValue());
        }
        context.getSystem()
                .receptionist()
                .tell(Receptionist.subscribe(
                        WorkerEntity.KEY, context.messageAdapter(Receptionist.Listing.class, Workers::new)));
        timers.startTimerWithFixedDelay(Tick.INSTANCE, parts.settings().tick());
    }

    private void load(String kind, Job job) throws IOException {
        SupervisorSettings settings = parts.settings();
        KindSupervision supervision =
                new KindSupervision(kind, settings.kind(kind), settings.limits(), job.resumable());
        RunFiles.History history = parts.files().load(kind);
        supervision.reserve(history.highest());
        history.runs().forEach(supervision::put);
        kinds.put(kind, supervision);
        tally.standing(kind, supervision);
        Optional<Schedule> schedule = supervision.settings().schedule();
        if (schedule.isPresent()) {
            seenTo.put(kind, seenTo(supervision, kind, schedule.get()));
        }
        Run active = supervision.active();
        if (active != null && active.place() != null && active.state() == RunState.RUNNING) {
            supervision.heard(now());
            ActorRef<WorkerEntity.Command> worker = worker(active.place());
            getContext()
                    .getLog()
                    .info(
                            "{} was running on {}; asking its worker",
                            active.id(),
                            active.place().node());
            watch(worker);
            worker.tell(new WorkerEntity.Attach(Work.of(active), getContext().getSelf()));
        }
    }

    /** Of a schedule that is new, nothing has been missed. */
    private Instant seenTo(KindSupervision supervision, String kind, Schedule schedule) throws IOException {
        Optional<RunFiles.Mark> mark = parts.files().mark(kind).filter(known -> known.isOf(schedule));
        if (mark.isEmpty()) {
            Instant now = now();
            parts.files().putMark(kind, RunFiles.Mark.of(schedule, now));
            return now;
        }
        Instant until = mark.get().until();
        return supervision.lastFiring().filter(until::isBefore).orElse(until);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Start.class, this::start)
                .onMessage(ListRuns.class, this::list)
                .onMessage(Find.class, this::find)
                .onMessage(Cancel.class, this::cancel)
                .onMessage(Report.class, this::report)
                .onMessage(Workers.class, this::workers)
                .onMessage(WorkerGone.class, this::workerGone)
                .onMessage(Tick.class, tick -> tick())
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onSignal(PostStop.class, signal -> gone())
                .build();
    }

    private Behavior<Command> start(Start start) throws IOException {
        KindSupervision kind = kinds.get(start.kind());
        Job job = parts.jobs().get(start.kind());
        if (kind == null || job == null) {
            start.replyTo().tell(new Started(new Runs.Answer.UnknownKind(List.copyOf(kinds.keySet()))));
            return this;
        }
        Runs.Answer answer;
        try {
            job.check(start.request().parameters());
            answer = kind.request(start.request(), now());
            if (answer instanceof Runs.Answer.Accepted) {
                lookUp(job, start.request());
            }
        } catch (Job.RefusedException e) {
            answer = new Runs.Answer.Refused(e.parameter(), e.value(), String.valueOf(e.getMessage()));
        }
        if (answer instanceof Runs.Answer.Accepted accepted) {
            put(kind, accepted.run());
        }
        start.replyTo().tell(new Started(answer));
        advance(kind);
        return this;
    }

    /** What can't be found out is left to the run, which fails, and is tried again, by itself. */
    private void lookUp(Job job, RunRequest request) throws Job.RefusedException {
        try {
            job.lookUp(request.parameters());
        } catch (IOException e) {
            getContext().getLog().warn("Whether what a run of {} names is there is left to the run", job.kind(), e);
        }
    }

    private Behavior<Command> list(ListRuns list) {
        KindSupervision kind = kinds.get(list.kind());
        if (kind == null) {
            list.replyTo().tell(new Listed(null));
            return this;
        }
        List<Run> runs = kind.before(list.before() == null ? Long.MAX_VALUE : list.before(), list.limit() + 1);
        boolean more = runs.size() > list.limit();
        List<Run> page = more ? runs.subList(0, list.limit()) : runs;
        list.replyTo()
                .tell(new Listed(new Runs.Page(
                        List.copyOf(page),
                        more ? (Long) page.get(page.size() - 1).number() : null)));
        return this;
    }

    private Behavior<Command> find(Find find) {
        KindSupervision kind = kinds.get(find.kind());
        find.replyTo()
                .tell(new Found(kind == null ? null : kind.find(find.number()).orElse(null)));
        return this;
    }

    private Behavior<Command> cancel(Cancel cancel) throws IOException {
        KindSupervision kind = kinds.get(cancel.kind());
        Run run = kind == null ? null : kind.find(cancel.number()).orElse(null);
        if (kind == null || run == null) {
            cancel.replyTo().tell(new Cancelled(Runs.Cancellation.Unknown.INSTANCE));
        } else if (run.state().isFinal()) {
            cancel.replyTo().tell(new Cancelled(new Runs.Cancellation.Ended(run)));
        } else {
            take(kind, kind.cancel(now()));
            Run now = kind.find(cancel.number()).orElse(run);
            cancel.replyTo().tell(new Cancelled(new Runs.Cancellation.Cancelled(now)));
        }
        return this;
    }

    /** What is said of an attempt that nobody waits for any more is answered, so that its worker lets go of it. */
    private Behavior<Command> report(Report report) throws IOException {
        KindSupervision kind = kinds.get(report.work().kind());
        Run active = kind == null ? null : kind.active();
        boolean working = report.status() instanceof WorkStatus.Working;
        if (report.status() == WorkStatus.Abandoned.INSTANCE) {
            String leaving = refs.toSerializationFormat(report.from());
            workers = workers.stream().filter(one -> !one.equals(leaving)).toList();
        }
        if (kind != null
                && active != null
                && active.state() == RunState.RUNNING
                && Work.of(active).equals(report.work())) {
            take(kind, kind.report(report.status(), now()));
            advance(kind);
        } else if (working) {
            report.from().tell(new WorkerEntity.Halt(report.work()));
        }
        if (!working) {
            report.from().tell(new WorkerEntity.Acknowledge(report.work()));
        }
        return this;
    }

    private Behavior<Command> workers(Workers changed) throws IOException {
        workers = changed.listing().getServiceInstances(WorkerEntity.KEY).stream()
                .map(refs::toSerializationFormat)
                .sorted()
                .toList();
        return tick();
    }

    private Behavior<Command> workerGone(WorkerGone gone) throws IOException {
        watched.remove(gone.worker());
        for (KindSupervision kind : kinds.values()) {
            Run run = kind.active();
            if (run != null && run.place() != null && worker(run.place()).equals(gone.worker())) {
                take(kind, kind.lost("the node has gone", now()));
            }
        }
        return tick();
    }

    private Behavior<Command> tick() throws IOException {
        for (Map.Entry<String, KindSupervision> kind : kinds.entrySet()) {
            fire(kind.getKey(), kind.getValue());
            advance(kind.getValue());
        }
        return this;
    }

    private void fire(String name, KindSupervision kind) throws IOException {
        Schedule schedule = kind.settings().schedule().orElse(null);
        Instant since = seenTo.get(name);
        if (schedule == null || since == null) {
            return;
        }
        Instant now = now();
        Optional<Schedule.Due> due = schedule.due(since, now);
        if (due.isPresent()) {
            put(kind, kind.fired(due.get(), now));
            seenTo.put(name, due.get().at());
            parts.files().putMark(name, RunFiles.Mark.of(schedule, due.get().at()));
        }
    }

    private void advance(KindSupervision kind) throws IOException {
        Instant now = now();
        Optional<KindSupervision.Step> step = kind.due(now, places(now));
        while (step.isPresent()) {
            take(kind, step);
            step = kind.due(now, places(now));
        }
    }

    private void take(KindSupervision kind, Optional<KindSupervision.Step> step) throws IOException {
        if (step.isEmpty()) {
            return;
        }
        Run run = step.get().run();
        put(kind, run);
        RunPlace place = run.place();
        if (place == null || step.get().effect() == KindSupervision.Effect.NONE) {
            return;
        }
        ActorRef<WorkerEntity.Command> worker = worker(place);
        if (step.get().effect() == KindSupervision.Effect.HALT) {
            worker.tell(new WorkerEntity.Halt(Work.of(run)));
        } else {
            kind.heard(now());
            watch(worker);
            worker.tell(new WorkerEntity.Execute(
                    Work.of(run),
                    run.requestedAt(),
                    run.request().parameters(),
                    getContext().getSelf()));
        }
    }

    private void put(KindSupervision kind, Run run) throws IOException {
        parts.files().put(run);
        kind.put(run);
        tally.standing(run.kind(), kind);
        LOG.info("{} is {}{}", run.id(), run.state().wireName(), words(run));
        if (run.state().isFinal()) {
            tally.ended(run);
            for (Run old : kind.beyond(parts.settings().history())) {
                parts.files().delete(old);
                kind.forget(old);
            }
        }
    }

    private Behavior<Command> gone() {
        tally.gone();
        return this;
    }

    private static String words(Run run) {
        if (run.end() != null) {
            return ": " + run.end().summary();
        }
        List<String> setbacks = run.attempts().setbacks();
        return run.state() == RunState.QUEUED && !setbacks.isEmpty()
                ? " again; " + setbacks.get(setbacks.size() - 1)
                : "";
    }

    private List<RunPlace> places(Instant now) {
        List<RunPlace> places = new ArrayList<>();
        for (String worker : workers) {
            places.add(new RunPlace(worker.replaceAll("^[^@]*@|/.*$", ""), worker, now));
        }
        return places;
    }

    private ActorRef<WorkerEntity.Command> worker(RunPlace place) {
        return refs.resolveActorRef(place.worker());
    }

    private void watch(ActorRef<WorkerEntity.Command> worker) {
        if (watched.add(worker)) {
            getContext().watchWith(worker, new WorkerGone(worker));
        }
    }

    private Instant now() {
        return parts.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
