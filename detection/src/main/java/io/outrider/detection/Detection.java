package io.outrider.detection;

import io.outrider.core.decision.DecisionWatch;
import io.outrider.core.decision.Detector;
import io.outrider.core.drift.DriftTally;
import io.outrider.core.event.EventGroup;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.AccountQueries;
import io.outrider.core.port.LabelledTransactions;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.port.WhatIf;
import io.outrider.core.rollout.RolloutTally;
import io.outrider.detection.alert.RecentAlerts;
import io.outrider.detection.entity.AccountShards;
import io.outrider.detection.entity.PartitionBoard;
import io.outrider.detection.entity.PartitionEntity;
import io.outrider.detection.entity.Surroundings;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.detection.rollout.DriftDesk;
import io.outrider.detection.rollout.DriftReporter;
import io.outrider.detection.rollout.LabelledPrecision;
import io.outrider.detection.rollout.LakeRollouts;
import io.outrider.detection.rollout.RolloutDesk;
import io.outrider.detection.rollout.RolloutReporter;
import io.outrider.detection.rollout.RolloutSettings;
import io.outrider.detection.scoring.ScoredAccount;
import io.outrider.detection.scoring.SharedScorer;
import io.outrider.detection.scratch.ScratchAccounts;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.risk.RiskFiles;
import io.outrider.lake.rollout.DriftFiles;
import io.outrider.lake.rollout.RolloutFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;

/**
 * Detection on one node: claims partitions, takes their events, keeps their accounts, publishes what is anomalous.
 * Thread-safe.
 */
public final class Detection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Detection.class);

    private final ActorSystem<?> system;
    private final DetectionSettings settings;
    private final DetectionParts parts;
    private final Outlet outlet;
    private final SharedScorer scorer;
    private final DetectionPools pools;
    private final PartitionBoard board = new PartitionBoard();
    private final Surroundings surroundings;
    private final AccountDirectory directory;
    private final Map<Integer, ActorRef<PartitionEntity.Command>> partitions = new ConcurrentHashMap<>();
    private final Set<Integer> assigned = ConcurrentHashMap.newKeySet();

    private final List<Cancellable> repeating;
    private final ContextInForce context;

    Detection(ActorSystem<?> system, DetectionSettings settings, DetectionParts parts, Outlet outlet)
            throws IOException {
        this.system = system;
        this.settings = settings;
        this.parts = parts;
        this.outlet = outlet;
        RiskFiles risk = new RiskFiles(parts.lake(), parts.log().topic());
        this.context =
                new ContextInForce(new StageFile(parts.lake(), parts.plan().name()), risk, parts.context());
        RolloutTally tally = new RolloutTally(Runtime.getRuntime().availableProcessors());
        DriftTally drift = new DriftTally();
        keepPlan(parts);
        PlanFiles plans = new PlanFiles(parts.lake(), parts.plan());
        this.scorer = new SharedScorer(
                plans::load,
                parts.models(),
                risk::table,
                plan -> new Detector(plan, settings.scored(), DecisionWatch.both(tally, drift)),
                parts.metrics());
        // What may fail comes before the shards: they keep for good what they are first started with.
        scorer.load(context.now());
        String generation = parts.log().generation();
        this.pools = new DetectionPools(settings);
        SharedScorer unseen = scorer.unseen();
        this.surroundings = new Surroundings(
                parts.lake(),
                risk,
                parts.log(),
                parts.past(),
                generation,
                parts.pseudonyms(),
                scorer,
                (partition, under) -> {
                    unseen.load(under);
                    return ScoredAccount.fold(unseen, generation, partition);
                },
                new AccountShards(system, scorer, generation),
                outlet.publisher(),
                board,
                parts.metrics(),
                parts.clock(),
                () -> System.nanoTime() / 1_000_000,
                settings.limits(),
                () -> ScratchAccounts.open(settings.scratchDir()),
                settings.writeRetry(),
                settings.buildRetry(),
                settings.giveUp(),
                pools.blocking());
        this.directory = new AccountDirectory(system, new Here(), settings.queryTimeout());
        RolloutSettings rollout = settings.rollout();
        RolloutReporter reporter = new RolloutReporter(
                new RolloutFiles(parts.lake(), parts.plan().name()),
                tally,
                parts.metrics(),
                rollout,
                this::contexts,
                parts.clock());
        DriftReporter drifting =
                new DriftReporter(new DriftFiles(parts.lake(), parts.plan().name()), drift, parts.clock());
        this.repeating = List.of(
                every(settings.riskTakeUp(), () -> context.follow(this::takeUp)),
                every(rollout.publishInterval(), reporter::publish),
                every(rollout.driftInterval(), drifting::publish));
    }

    /** What is to be in force, and what partitions that have yet to change decide under. */
    private Set<ContextRef> contexts() {
        Set<ContextRef> all = new HashSet<>();
        all.add(context.now());
        board.all().forEach((partition, status) -> {
            ContextRef current = status.context();
            if (current != null) {
                all.add(current);
            }
        });
        return all;
    }

    /** For a later program with another plan, that it can go on under this one. Nodes that may not write leave it to others. */
    private static void keepPlan(DetectionParts parts) {
        try {
            PlanFiles.save(parts.lake(), parts.plan());
        } catch (IOException e) {
            LOG.warn("Feature plan {} is not kept in the lake", parts.plan().fingerprint(), e);
        }
    }

    private Cancellable every(Duration pause, Runnable step) {
        return system.scheduler()
                .scheduleWithFixedDelay(pause, pause, step, ExecutionContext.fromExecutor(pools.timed()));
    }

    /**
     * Starts detection on this node: nothing is claimed yet. The actor system must be a cluster's, and its configuration
     * include {@code detection-pekko.conf}. Blocks shortly; IOException if the topic or the first model cannot be read.
     */
    public static Detection start(ActorSystem<?> system, DetectionSettings settings, DetectionParts parts)
            throws IOException {
        Outlet outlet = new KafkaOutlet(settings, parts, system.executionContext());
        try {
            return new Detection(system, settings, parts, outlet);
        } catch (IOException | RuntimeException e) {
            outlet.close();
            throw e;
        }
    }

    /**
     * Claims partitions, loads their checkpoints and returns the offsets to consume from. Fails as a whole when one
     * cannot be claimed; the reason then stands in {@link #status}. Claiming an owned partition starts a new run of it.
     */
    public CompletionStage<Map<Integer, Long>> claim(Set<Integer> claims) {
        Map<Integer, Long> offsets = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> stages = new ArrayList<>();
        for (int partition : claims) {
            assigned.add(partition);
            stages.add(this.<Long>ask(
                            partition,
                            replyTo -> new PartitionEntity.Claim(context.now(), replyTo),
                            settings.claimTimeout())
                    .thenAccept(offset -> offsets.put(partition, offset))
                    .toCompletableFuture());
        }
        return allOf(stages).thenApply(done -> new HashMap<>(offsets));
    }

    /**
     * Tells that these partitions' streams have ended (revoked, or the consumer stopped). Each takes a last checkpoint
     * in the background, if it still may, and is forgotten; a later claim waits for that.
     */
    public void release(Set<Integer> released) {
        for (int partition : released) {
            var unused = finish(partition);
        }
    }

    /** Releases one partition and completes, never with a failure, when its last checkpoint is taken or given up. */
    public CompletionStage<Done> finish(int partition) {
        return releaseOne(partition).exceptionally(failure -> {
            LOG.warn("Partition {} was released without a last checkpoint: {}", partition, failure.getMessage());
            return Done.getInstance();
        });
    }

    private CompletableFuture<Done> releaseOne(int partition) {
        assigned.remove(partition);
        return ask(partition, PartitionEntity.Release::new, settings.giveUp().multipliedBy(3));
    }

    /**
     * Takes a claimed partition's groups, in offset order, starting at the claimed offset; each as soon as the events
     * in flight leave room. The stage fails, and the stream is cancelled with the same {@link RunLostException}, when
     * the partition needs a new run: then claim again and stream again from the offset that gives. The stream of a
     * partition that is released is let end without a failure, and nothing more is taken of it.
     */
    public Sink<EventGroup, CompletionStage<Done>> sink(int partition) {
        PartitionBoard.Status status = board.of(partition);
        if (status == null) { // released since it was claimed
            return Sink.<EventGroup>cancelled()
                    .mapMaterializedValue(none -> CompletableFuture.completedStage(Done.getInstance()));
        }
        long epoch = status.epoch();
        ActorRef<PartitionEntity.Command> entity = entity(partition);
        return Flow.<EventGroup>create()
                .viaMat(KillSwitches.single(), Keep.right())
                .mapAsync(1, group -> {
                    CompletableFuture<Done> taken = new CompletableFuture<>();
                    entity.tell(new PartitionEntity.Offer(epoch, group, taken));
                    return taken;
                })
                .toMat(Sink.ignore(), Keep.both())
                .mapMaterializedValue(stream -> {
                    entity.tell(new PartitionEntity.Streams(epoch, stream.first()::abort));
                    return stream.second();
                });
    }

    /** Offsets up to which everything is durable, per running partition: what may be committed to the consumer group. */
    public Map<Integer, Long> committedOffsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        board.all().forEach((partition, status) -> {
            if (status.running()) {
                offsets.put(partition, status.durableOffset());
            }
        });
        return offsets;
    }

    private void takeUp(ContextRef to) throws IOException {
        scorer.load(to);
        partitions
                .values()
                .forEach(partition -> partition.tell(new PartitionEntity.ChangeContext(to, system.ignoreRef())));
    }

    /** Last checkpoints of all partitions, after their streams have ended; completes when all is durable. */
    public CompletionStage<Done> drain() {
        List<CompletableFuture<?>> stages = new ArrayList<>();
        partitions.keySet().forEach(partition -> stages.add(releaseOne(partition)));
        return allOf(stages);
    }

    /** Which models are at which stage, and how they do, by labels too. */
    public LakeRollouts rollouts(LabelledTransactions labelled) {
        LabelledPrecision labels = new LabelledPrecision(
                labelled, new ModelFiles(parts.lake(), parts.plan().name()), parts.clock());
        return new LakeRollouts(
                new RolloutDesk(parts.lake(), parts.plan(), settings.rollout(), labels, parts.clock()),
                new DriftDesk(parts.lake(), parts.plan(), labels, parts.clock()),
                pools.questions());
    }

    /** The accounts of the whole cluster. */
    public AccountQueries accounts() {
        return directory;
    }

    /** What-if questions about any account. */
    public WhatIf whatIf() {
        return directory;
    }

    /** The recent alerts of the whole cluster. */
    public RecentAlerts alerts() {
        return outlet.alerts();
    }

    /** How this node's partitions are doing. */
    public NodeStatus status() {
        return () -> {
            List<String> reasons = new ArrayList<>();
            List<Integer> running = new ArrayList<>();
            board.all().forEach((partition, status) -> {
                if (status.running()) {
                    running.add(partition);
                }
                if (status.problem() != null) {
                    reasons.add("partition " + partition + ": " + status.problem());
                }
            });
            for (int partition : assigned) {
                if (board.of(partition) == null) {
                    reasons.add("partition " + partition + " is being claimed");
                }
            }
            String problem = outlet.problem();
            if (problem != null) {
                reasons.add(problem);
            }
            List<String> warnings = context.problem().map(List::of).orElse(List.of());
            return new NodeStatus.Snapshot(reasons.isEmpty(), reasons, modelVersion(), running, warnings);
        };
    }

    /** Of what is to be in force, once it is in all partitions. */
    private String modelVersion() {
        String wanted = context.now().modelVersion();
        return contexts().stream()
                .map(ContextRef::modelVersion)
                .filter(version -> !version.equals(wanted))
                .min(Comparator.naturalOrder())
                .orElse(wanted);
    }

    /**
     * Stops at once, but for writes under way, which are waited for shortly; call {@link #drain} before for a clean stop.
     * Claims and streams fail from now on.
     */
    @Override
    public void close() {
        repeating.forEach(Cancellable::cancel);
        outlet.close();
        pools.close();
    }

    private ActorRef<PartitionEntity.Command> entity(int partition) {
        return partitions.computeIfAbsent(
                partition,
                number -> system.systemActorOf(
                        PartitionEntity.create(number, surroundings), "outrider-partition-" + number, Props.empty()));
    }

    private <T> CompletableFuture<T> ask(
            int partition, Function<ActorRef<StatusReply<T>>, PartitionEntity.Command> question, Duration timeout) {
        return AskPattern.askWithStatus(entity(partition), question, timeout, system.scheduler())
                .toCompletableFuture();
    }

    private static CompletableFuture<Done> allOf(List<CompletableFuture<?>> stages) {
        return CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> Done.getInstance());
    }

    private final class Here implements AccountDirectory.Partitions {

        @Override
        public int count() {
            return parts.partitions();
        }

        @Override
        public int of(String account) {
            return parts.partitionOf().applyAsInt(account);
        }

        @Override
        public @Nullable ActorRef<PartitionEntity.Command> here(int partition) {
            return assigned.contains(partition) ? entity(partition) : null;
        }
    }
}
