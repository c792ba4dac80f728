package io.outrider.detection.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.account.AccountView;
import io.outrider.core.decision.Detector;
import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.AccountReply;
import io.outrider.detection.protocol.FaultyLake;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.RunLimits;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.scoring.ScoredAccount;
import io.outrider.detection.scoring.SharedScorer;
import io.outrider.detection.scratch.ScratchAccounts;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The partition's actor, with accounts that answer at once and a lake in memory. */
class PartitionEntityTest {

    private static final long LEASE_MS = 200;
    private static final String MANIFEST = "checkpoints/transactions/0/manifest.json";
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Models MODELS = new Models(
            IntStream.range(0, 1_000).mapToObj(i -> event(i).transaction()).toList());
    private static final ContextRef CONTEXT = new ContextRef(MODELS.versions().get(0), 0);

    /** Under another feature plan. */
    private static final ContextRef OTHER = new ContextRef(
            MODELS.add(
                    Models.OTHER_PLAN,
                    IntStream.range(0, 1_000)
                            .mapToObj(i -> event(i).transaction())
                            .toList()),
            0);

    @TempDir
    static Path folder;

    private volatile Path scratch = folder;
    private volatile Executor builds = Runnable::run;
    private volatile Executor blocking = Runnable::run;

    /** Whether past records cannot be read, though all of them have been. */
    private volatile boolean pastEndFails;

    /** What the manifest was at first, once it is to be that again behind a change of plan. */
    private volatile byte @Nullable [] putBack;

    private final FaultyScratch scratches = new FaultyScratch(() -> ScratchAccounts.open(scratch));
    private final AtomicBoolean lakeFails = new AtomicBoolean();
    private final FaultyLake lake = new FaultyLake(lakeFails::get, () -> false, new Written());
    private final SharedScorer scorer = new SharedScorer(
            fingerprint -> fingerprint.equals(Models.PLAN.fingerprint()) ? Models.PLAN : Models.OTHER_PLAN,
            MODELS,
            this::table,
            Detector::new,
            new LiveMetrics());
    private final AtomicInteger tablesLoaded = new AtomicInteger();
    private long othersTable = 1;
    private final Queue<Thread> loaders = new ConcurrentLinkedQueue<>();
    private final DirectRoute route = new DirectRoute(scorer);
    private final PartitionBoard board = new PartitionBoard();
    private final LiveMetrics metrics = new LiveMetrics();
    private final Log log = new Log();
    private final ActorRef<PartitionEntity.Command> partition = KIT.spawn(PartitionEntity.create(0, surroundings()));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aLostMessageFailsTheStreamAndTheNextClaimStartsFromTheCheckpoint() {
        assertThat(claim()).isZero();
        long epoch = epoch();
        route.loses = message -> message instanceof AccountMessage.Batch batch && batch.number() == 2;
        offer(epoch, 0, 10).join();
        offer(epoch, 10, 20).join();
        route.loses = message -> false;
        await().until(() -> offer(epoch, 20, 20).isCompletedExceptionally());
        assertThatThrownBy(offer(epoch, 20, 20)::join).hasCauseInstanceOf(RunLostException.class);
        await().until(() -> status().problem() != null);
        assertThat(claim()).isLessThanOrEqualTo(10);
        assertThat(epoch()).isEqualTo(epoch + 1);
        assertThat(status().problem()).startsWith("is catching up: ");
    }

    @Test
    void aCheckpointThatTheLakeDoesNotTakeIsToldAndTriedAgain() {
        claim();
        lakeFails.set(true);
        offer(epoch(), 0, 10).join();
        await().until(() -> status().problem() != null);
        assertThat(metrics.checkpoints.sum()).isZero();
        lakeFails.set(false);
        await().until(() -> status().durableOffset() == 10);
        assertThat(status().problem()).startsWith("is catching up: ");
    }

    @Test
    void whileTheLakeIsAwayForLongerThanTheLeaseNoEventsAreTaken() {
        claim();
        lakeFails.set(true);
        await().until(() -> String.valueOf(status().problem()).startsWith("takes no events"));
        CompletableFuture<Done> waiting = offer(epoch(), 0, 10);
        await().during(Duration.ofMillis(2 * LEASE_MS)).until(() -> !waiting.isDone());
        assertThat(metrics.events.sum()).isZero();
        lakeFails.set(false);
        waiting.join();
        await().until(() -> status().durableOffset() == 10);
    }

    @Test
    void theContextOfAPartitionTakenOverChangesOnlyOnceItsFormerOwnersLeaseMustBeOver() {
        log.end = 0;
        claim();
        ask(PartitionEntity.Release::new);
        long claimedNs = System.nanoTime();
        claim();
        ContextRef other = new ContextRef(MODELS.versions().get(1), 0);
        this.<Done>ask(replyTo -> new PartitionEntity.ChangeContext(other, replyTo));
        assertThat(Duration.ofNanos(System.nanoTime() - claimedNs)).isGreaterThan(Duration.ofMillis(LEASE_MS));
        assertThat(status().context()).isEqualTo(other);
    }

    @Test
    void aStreamGoesOnAcrossAChangeOfPlanWhoseStatesAreThoseOfItsWholeLog() throws IOException {
        log.end = 0;
        claim();
        log.end = 1_000_000;
        long stream = epoch();
        partition.tell(new PartitionEntity.ChangeContext(OTHER, ignored()));
        long next = 0;
        while (!OTHER.equals(status().context())) {
            assertThat(next).as("offered while the change is awaited").isLessThan(log.end);
            offer(stream, next, next + 10).join();
            next += 10;
        }
        assertThat(epoch()).as("a new run").isEqualTo(stream + 1);
        offer(stream, next, next + 10).join();
        ask(PartitionEntity.Release::new);
        CheckpointManifest end = new RiskFiles(lake, "transactions").manifest(0).orElseThrow();
        assertThat(end.planFingerprint()).isEqualTo(Models.OTHER_PLAN.fingerprint());
        assertThat(end.nextOffset()).isEqualTo(next + 10);
        AccountStateCodec codec = new AccountStateCodec(Models.OTHER_PLAN);
        Map<String, AccountState> expected = new HashMap<>();
        double[] vector = new double[Models.OTHER_PLAN.size()];
        for (long offset = 0; offset < next + 10; offset++) {
            Transaction transaction = event(offset).transaction();
            Models.OTHER_PLAN.apply(
                    expected.computeIfAbsent(transaction.account(), any -> codec.fresh())
                            .features(),
                    transaction,
                    MerchantRisk.NONE,
                    vector);
        }
        Map<String, String> hashes = new HashMap<>();
        new PartitionCheckpoints(lake, "transactions", 0)
                .load(end, (account, bytes) -> hashes.put(account, codec.featureStateHash(codec.decode(bytes))));
        expected.forEach((account, state) -> assertThat(hashes).containsEntry(account, codec.featureStateHash(state)));
        assertThat(hashes).hasSameSizeAs(expected);
        assertThat(metrics.lostRuns.sum()).isZero();
        assertThat(scratches.stillOpen()).isZero();
    }

    @Test
    void anIdlePartitionWhoseNewStatesCannotBeLoadedAtOnceGoesOnAllTheSame() {
        log.end = 0;
        claim();
        long stream = epoch();
        scratches.failing = 3; // behind the first run's and the build's
        partition.tell(new PartitionEntity.ChangeContext(OTHER, ignored()));
        await().until(() -> OTHER.equals(status().context()));
        assertThat(scratches.failing).as("failed and was tried again").isZero();
        assertThat(epoch()).isEqualTo(stream + 1);
        offer(stream, 0, 10).join();
    }

    @Test
    void statesOfWhichOnlyTheEndOfReadingFailedAreTakenUpByAnIdlePartition() {
        log.end = 0;
        claim();
        log.end = 10;
        offer(epoch(), 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        pastEndFails = true;
        partition.tell(new PartitionEntity.ChangeContext(OTHER, ignored()));
        await().until(() -> OTHER.equals(status().context()));
        assertThat(pastEndFails).as("failed, and was tried again").isFalse();
    }

    @Test
    void aStreamIsNotKeptAcrossAChangeOfPlanBehindWhichThePartitionIsFurtherBack() {
        log.end = 0;
        claim();
        log.end = 20;
        long stream = epoch();
        byte[] first = Objects.requireNonNull(lake.peek(MANIFEST)).content();
        offer(stream, 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        putBack = first; // as from a copy of the lake that is older
        partition.tell(new PartitionEntity.ChangeContext(OTHER, ignored()));
        await().until(() -> putBack == null);
        assertThatThrownBy(offer(stream, 10, 20)::join).hasCauseInstanceOf(RunLostException.class);
        assertThat(claim())
                .as("begins anew, with what would have been left out")
                .isZero();
        offer(epoch(), 0, 20).join();
        await().until(() -> status().durableOffset() == 20);
    }

    @Test
    void aQuestionAboutAnAccountOutOfMemoryLoadsNothing() throws IOException {
        ContextRef informed = CONTEXT.withRisk(1);
        claim(informed);
        offer(epoch(), 0, 10).join();
        ask(PartitionEntity.Release::new);
        claim(informed);
        othersGoOn();
        int before = tablesLoaded.get();
        Optional<AccountView> view = ask(replyTo -> new PartitionEntity.Find("account-1", replyTo));
        assertThat(view).hasValueSatisfying(known -> assertThat(known.events()).isEqualTo(2));
        assertThat(tablesLoaded).hasValue(before);
    }

    @Test
    void whatARunDecidesUnderStaysLoadedHoweverManyTablesOthersTakeUp() throws IOException {
        claim(CONTEXT.withRisk(1));
        othersGoOn();
        int before = tablesLoaded.get();
        offer(epoch(), 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        assertThat(tablesLoaded).hasValue(before);
        ask(PartitionEntity.Release::new);
        othersGoOn();
        before = tablesLoaded.get();
        scorer.load(CONTEXT.withRisk(1));
        assertThat(tablesLoaded).as("it goes when the run is over").hasValue(before + 1);
    }

    @Test
    void aTableThatHadToMakeRoomBeforeItCameIntoForceIsLoadedOnTheThreadsThatMayBlock() throws IOException {
        log.end = 0;
        claim();
        log.end = 1_000;
        ExecutorService threads = Executors.newSingleThreadExecutor();
        blocking = threads;
        ContextRef informed = CONTEXT.withRisk(1);
        scorer.load(informed);
        othersGoOn();
        loaders.clear();
        this.<Done>ask(replyTo -> new PartitionEntity.ChangeContext(informed, replyTo));
        offer(epoch(), 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        assertThat(loaders)
                .containsExactly(CompletableFuture.supplyAsync(Thread::currentThread, threads)
                        .join());
        threads.shutdown();
    }

    /** With eight tables, each time others, so that earlier ones have to make room. */
    private void othersGoOn() throws IOException {
        for (int i = 0; i < 8; i++) {
            scorer.load(CONTEXT.withRisk(++othersTable));
        }
    }

    @Test
    void whatWasBuiltForAChangeThatIsGivenUpGoesThoughOthersAreBuiltMeanwhile() {
        claim();
        partition.tell(new PartitionEntity.ChangeContext(OTHER, ignored()));
        await().until(() -> scratches.stillOpen() == 2);
        builds = task -> {};
        partition.tell(new PartitionEntity.ChangeContext(CONTEXT, ignored()));
        await().until(() -> scratches.stillOpen() == 1);
    }

    @Test
    void aPartitionThatIsReleasedBeforeTheBarrierOfItsChangeTakesItsLastCheckpointUnderItsOwnPlan() throws IOException {
        log.end = 0;
        claim();
        log.end = 1_000;
        long next = 0;
        do { // until it fails before a checkpoint of the last records
            lakeFails.set(false);
            offer(epoch(), next, next + 10).join();
            next += 10;
            lakeFails.set(true);
        } while (isWritten(next));
        long end = next;
        partition.tell(new PartitionEntity.ChangeContext(OTHER, ignored()));
        await().until(() -> scratches.stillOpen() == 2);
        await().during(Duration.ofMillis(150))
                .until(() -> status().durableOffset() < end); // until ticks have asked for it
        TestProbe<StatusReply<Done>> release = KIT.createTestProbe();
        partition.tell(new PartitionEntity.Release(release.getRef()));
        lakeFails.set(false);
        assertThat(release.receiveMessage(Duration.ofSeconds(10)).isSuccess()).isTrue();
        CheckpointManifest last =
                new RiskFiles(lake, "transactions").manifest(0).orElseThrow();
        assertThat(last.nextOffset()).isEqualTo(end);
        assertThat(last.planFingerprint()).isEqualTo(Models.PLAN.fingerprint());
    }

    /** False once a checkpoint that is to reach the offset could not be written. */
    private boolean isWritten(long offset) {
        await().until(() -> status().durableOffset() == offset
                || String.valueOf(status().problem()).contains("cannot be written"));
        return status().durableOffset() == offset;
    }

    @Test
    void aPartitionCatchesUpUntilItHasDoneWhatItsLogHeldWhenItWasClaimed() {
        log.end = 20;
        claim();
        assertThat(status().problem()).isEqualTo("is catching up: 20 records to go");
        offer(epoch(), 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        assertThat(status().problem()).isEqualTo("is catching up: 10 records to go");
        assertThat(metrics.decisionLatencyMs().getTotalCount()).isZero();
        offer(epoch(), 10, 20).join();
        await().until(() -> status().durableOffset() == 20);
        assertThat(board.of(0)).extracting(PartitionBoard.Status::problem).isNull();
    }

    @Test
    void aDamagedCheckpointFileIsToldUntilThePartitionIsWhereItWas() {
        log.end = 10;
        claim();
        offer(epoch(), 0, 10).join();
        ask(PartitionEntity.Release::new);
        String file = lake.list("checkpoints/transactions/0/").stream()
                .map(entry -> entry.name())
                .filter(name -> name.endsWith(".avro"))
                .findFirst()
                .orElseThrow();
        lake.damage(file, new byte[1]);
        assertThat(claim()).as("replays from the beginning").isZero();
        assertThat(metrics.setbacks.sum()).isEqualTo(1);
        assertThat(status().problem()).contains("went back to offset 0", file);
        offer(epoch(), 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        assertThat(status().problem()).isNull();
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldAndTheNextClaimTriesAgain() throws IOException {
        scratch = Files.createFile(folder.resolve("no-folder"));
        assertThatThrownBy(this::claim).hasMessageContaining("accounts out of memory cannot be kept in " + scratch);
        assertThat(status().problem()).contains("accounts out of memory");
        scratch = folder;
        assertThat(claim()).isZero();
        assertThat(status().problem()).doesNotContain("out of memory");
    }

    @Test
    void aFullDiskEndsTheRunAndTheNextClaimTriesAgain() {
        claim();
        offer(epoch(), 0, 3).join();
        await().until(() -> status().durableOffset() == 3);
        scratches.isFull = true;
        assertThatThrownBy(offer(epoch(), 3, 4)::join).hasCauseInstanceOf(RunLostException.class);
        await().until(() -> ("a new run is needed: " + FaultyScratch.FULL).equals(status().problem()));
        assertThatThrownBy(this::claim).hasMessageContaining(FaultyScratch.FULL);
        assertThat(status().problem()).isEqualTo(FaultyScratch.FULL);
        scratches.isFull = false;
        assertThat(claim()).isEqualTo(3);
        offer(epoch(), 3, 10).join();
        await().until(() -> status().durableOffset() == 10);
    }

    @Test
    void whoAsksForAnAccountThatCannotBeReadIsToldSo() {
        claim();
        scratches.isFull = true;
        assertThatThrownBy(() ->
                        this.<Optional<AccountView>>ask(replyTo -> new PartitionEntity.Find("account-1", replyTo)))
                .hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining(FaultyScratch.FULL);
        await().until(() -> status().epoch() == 0);
    }

    @Test
    void aCheckpointWhoseAccountsCannotBeReadIsNotTriedForever() {
        claim();
        scratches.isDamaged = true;
        CompletableFuture<Done> first = offer(epoch(), 0, 10);
        await().until(() -> status().epoch() == 0);
        assertThat(first).isCompleted();
        assertThat(status().problem()).contains("a new run is needed: checkpoint 1", FaultyScratch.DAMAGED);
        scratches.isDamaged = false;
        assertThat(claim()).isZero();
    }

    @Test
    void whatKeepsTheAccountsOfARunIsClosedHoweverItEnds() {
        claim();
        assertThat(scratches.stillOpen()).isEqualTo(1);
        offer(epoch(), 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        claim();
        assertThat(scratches.stillOpen()).as("claimed again").isEqualTo(1);
        scratches.isFull = true;
        assertThatThrownBy(this::claim).isNotNull();
        assertThat(scratches.stillOpen()).as("lost, and not restored").isZero();
        scratches.isFull = false;
        claim();
        assertThat(scratches.stillOpen()).isEqualTo(1);
        ask(PartitionEntity.Release::new);
        assertThat(scratches.stillOpen()).as("released").isZero();
        claim();
        KIT.stop(partition);
        assertThat(scratches.stillOpen()).as("stopped").isZero();
        assertThat(scratches.opened()).isEqualTo(5);
    }

    @Test
    void aPartitionClaimedByAnotherEndsItsRun() throws IOException {
        claim();
        long epoch = epoch();
        new PartitionCheckpoints(lake, "transactions", 0)
                .claim(new Claim("another", "transactions", "g", 0, 0, 1_000, Models.PLAN.fingerprint(), CONTEXT));
        offer(epoch, 0, 10).join();
        await().until(() -> offer(epoch, 10, 10).isCompletedExceptionally());
    }

    @Test
    void aReleaseTakesALastCheckpointThatTheNextClaimContinuesFrom() {
        claim();
        offer(epoch(), 0, 10).join();
        ask(PartitionEntity.Release::new);
        assertThat(board.of(0)).isNull();
        assertThat(claim()).isEqualTo(10);
    }

    @Test
    void aTakeoverThatIsReleasedWhileItsAccountsComeLoadsNothingAndCallsThemNoMore() {
        CompletableFuture<Done> arrival = new CompletableFuture<>();
        route.arrival = arrival;
        TestProbe<StatusReply<Long>> claim = KIT.createTestProbe();
        partition.tell(new PartitionEntity.Claim(CONTEXT, claim.getRef()));
        await().until(() -> stands());
        TestProbe<StatusReply<Done>> release = KIT.createTestProbe();
        partition.tell(new PartitionEntity.Release(release.getRef()));
        assertThat(claim.receiveMessage().getError()).hasMessageContaining("released while it was being claimed");
        assertThat(stands()).isFalse();
        arrival.complete(Done.getInstance());
        assertThat(release.receiveMessage().isSuccess()).isTrue();
        assertThat(scratches.opened()).isZero();
        assertThat(claim()).isZero();
    }

    @Test
    void accountsAreNotCalledForAPartitionThatAnotherHasClaimedMeanwhile() throws IOException {
        CompletableFuture<Done> arrival = new CompletableFuture<>();
        route.arrival = arrival;
        partition.tell(new PartitionEntity.Claim(CONTEXT, ignored()));
        await().until(() -> stands());
        new PartitionCheckpoints(lake, "transactions", 0)
                .claim(new Claim("another", "transactions", "g", 0, 0, 1_000, Models.PLAN.fingerprint(), CONTEXT));
        assertThat(stands()).isFalse();
        arrival.complete(Done.getInstance());
    }

    @Test
    void aTakeoverThatIsReleasedBeforeItBeginsClaimsNothingAndTheNextClaimGetsItsOwn() {
        Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        blocking = waiting::add;
        TestProbe<StatusReply<Long>> first = KIT.createTestProbe();
        partition.tell(new PartitionEntity.Claim(CONTEXT, first.getRef()));
        await().until(() -> waiting.size() == 1);
        partition.tell(new PartitionEntity.Release(ignored()));
        TestProbe<StatusReply<Long>> second = KIT.createTestProbe();
        assertThat(first.receiveMessage().isError()).isTrue();
        partition.tell(new PartitionEntity.Claim(CONTEXT, second.getRef()));
        waiting.remove().run();
        await().until(() -> waiting.size() == 1);
        assertThat(lake.peek(MANIFEST)).isNull();
        blocking = Runnable::run;
        waiting.remove().run();
        assertThat(second.receiveMessage().getValue()).isZero();
        assertThat(epoch()).isEqualTo(1);
    }

    private boolean stands() {
        return route.stands.get().toCompletableFuture().join();
    }

    @Test
    void aStoppedPartitionRetiresItsAccountsAndLeavesNobodyWaiting() {
        claim();
        offer(epoch(), 0, 10).join();
        List<AccountMessage> unanswered = new CopyOnWriteArrayList<>();
        route.loses = message -> unanswered.add(message);
        offer(epoch(), 10, 20).join();
        TestProbe<StatusReply<Done>> release = KIT.createTestProbe();
        long epoch = epoch();
        partition.tell(new PartitionEntity.Release(release.getRef()));
        CompletableFuture<Done> behind = offer(epoch, 20, 21); // stopping overtakes what still lies in the mailbox
        await().until(behind::isCompletedExceptionally);
        KIT.stop(partition);
        assertThat(release.receiveMessage().getError()).isInstanceOf(UnavailableException.class);
        assertThat(unanswered).hasAtLeastOneElementOfType(AccountMessage.Retire.class);
        assertThat(board.of(0)).isNull();
    }

    @Test
    void everyCommandIsHandled() {
        Checkpoint checkpoint = new Checkpoint(1, 0, CONTEXT, true, AccountStream.of(List.of()));
        Map<Class<?>, PartitionEntity.Command> samples = new HashMap<>();
        for (PartitionEntity.Command sample : List.of(
                new PartitionEntity.Claim(CONTEXT, ignored()),
                new PartitionEntity.Offer(0, group(0, 0), new CompletableFuture<>()),
                new PartitionEntity.Release(ignored()),
                new PartitionEntity.ChangeContext(CONTEXT, ignored()),
                new PartitionEntity.Find("a", ignored()),
                new PartitionEntity.Assess(event(1).transaction(), ignored()),
                new PartitionEntity.Names(null, 10, ignored()),
                new PartitionEntity.Answer(new AccountReply.Retired("a", 0), null),
                new PartitionEntity.Published(0, 0),
                new PartitionEntity.TakeoverEnded(null, null),
                new PartitionEntity.WriteEnded(0, checkpoint, null, null),
                new PartitionEntity.RetryWrite(0, checkpoint),
                new PartitionEntity.Seen(0, 0, true),
                new PartitionEntity.LogEnd(0, 0),
                PartitionEntity.GoOn.INSTANCE,
                PartitionEntity.Tick.INSTANCE)) {
            samples.put(sample.getClass(), sample);
        }
        assertThat(samples).containsOnlyKeys(PartitionEntity.Command.class.getPermittedSubclasses());
        Handled.assertAllAreHandled(KIT, partition, samples.values());
    }

    private Surroundings surroundings() {
        return new Surroundings(
                lake,
                new RiskFiles(lake, "transactions"),
                log,
                this::past,
                "g",
                PseudonymKey.NONE,
                scorer,
                (number, under) -> {
                    scorer.load(under);
                    return ScoredAccount.fold(scorer, "g", number);
                },
                route,
                new AtOnce(),
                board,
                metrics,
                Clock.systemUTC(),
                () -> System.nanoTime() / 1_000_000,
                new RunLimits(100, 50, 300, 5, 1_000, LEASE_MS, 8),
                scratches,
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                Duration.ofSeconds(2),
                new BlockingThreads(
                        Runnable::run,
                        task -> blocking.execute(task),
                        task -> blocking.execute(task),
                        task -> builds.execute(task)));
    }

    private void past(int number, long from, long to, Consumer<EventGroup> taker) throws IOException {
        taker.accept(group(from, to));
        if (pastEndFails) {
            pastEndFails = false;
            throw new IOException("cannot be closed");
        }
    }

    private MerchantRisk table(long version) {
        tablesLoaded.incrementAndGet();
        loaders.add(Thread.currentThread());
        return MerchantRisk.NONE;
    }

    /** Sees what is written. */
    private final class Written implements FaultyLake.Watcher {

        @Override
        public void called() {}

        @Override
        public void wrote(String name, byte[] content) {
            byte[] earlier = putBack;
            if (earlier != null
                    && name.equals(MANIFEST)
                    && new String(content, StandardCharsets.UTF_8).contains(Models.OTHER_PLAN.fingerprint())) {
                lake.damage(name, earlier);
                putBack = null;
            }
        }
    }

    private long claim() {
        return claim(CONTEXT);
    }

    private long claim(ContextRef context) {
        return this.<Long>ask(replyTo -> new PartitionEntity.Claim(context, replyTo));
    }

    private PartitionBoard.Status status() {
        PartitionBoard.Status status = board.of(0);
        return status == null ? new PartitionBoard.Status(0, 0, null, null) : status;
    }

    private long epoch() {
        return status().epoch();
    }

    private CompletableFuture<Done> offer(long epoch, long from, long to) {
        CompletableFuture<Done> taken = new CompletableFuture<>();
        partition.tell(new PartitionEntity.Offer(epoch, group(from, to), taken));
        return taken.orTimeout(10, TimeUnit.SECONDS);
    }

    private <T> T ask(Function<ActorRef<StatusReply<T>>, PartitionEntity.Command> question) {
        return AskPattern.askWithStatus(partition, question, Duration.ofSeconds(10), KIT.scheduler())
                .toCompletableFuture()
                .join();
    }

    private static <T> ActorRef<T> ignored() {
        return KIT.<T>createTestProbe().getRef();
    }

    private static EventGroup group(long from, long to) {
        List<LoggedEvent> events = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            events.add(event(offset));
        }
        return new EventGroup(0, events, List.of(), to);
    }

    private static LoggedEvent event(long offset) {
        long time = 1_700_000_000_000L + offset * 1_000;
        return new LoggedEvent(
                offset,
                time,
                new Transaction(
                        "t" + offset, "account-" + offset % 7, offset % 50, time, null, null, null, null, null));
    }

    private static final class Log implements SourceLog {

        private volatile long end = 1_000;

        @Override
        public String topic() {
            return "transactions";
        }

        @Override
        public String generation() {
            return "g";
        }

        @Override
        public long startOffset(int number) {
            return 0;
        }

        @Override
        public long endOffset(int number) {
            return end;
        }
    }

    private static final class AtOnce implements Publisher {

        @Override
        public void publish(RaisedAlert alert, Runnable acknowledged) {
            acknowledged.run();
        }

        @Override
        public void publish(ScoredRecord scored, Runnable acknowledged) {
            acknowledged.run();
        }

        @Override
        public void publish(DeadLetter letter, Runnable acknowledged) {
            acknowledged.run();
        }
    }
}
