package io.outrider.detection.entity;

import static org.awaitility.Awaitility.await;

import io.outrider.core.decision.Detector;
import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import io.outrider.detection.protocol.FaultyLake;
import io.outrider.detection.protocol.RaisedAlert;
import io.outrider.detection.protocol.RunLimits;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.detection.protocol.ScoredRecord;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.detection.scoring.ScoredAccount;
import io.outrider.detection.scoring.SharedScorer;
import io.outrider.detection.scratch.ScratchAccounts;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The partition's actor, with accounts that answer at once and a lake in memory. */
abstract class PartitionFixture {

    static ActorTestKit kit;

    static final long LEASE_MS = 200;
    static final String MANIFEST = "checkpoints/transactions/0/manifest.json";
    static final Models MODELS = new Models(
            IntStream.range(0, 1_000).mapToObj(i -> event(i).transaction()).toList());
    static final ContextRef CONTEXT = new ContextRef(MODELS.versions().get(0), 0);

    /** Under another feature plan. */
    static final ContextRef OTHER = new ContextRef(
            MODELS.add(
                    Models.OTHER_PLAN,
                    IntStream.range(0, 1_000)
                            .mapToObj(i -> event(i).transaction())
                            .toList()),
            0);

    @TempDir
    static Path folder;

    volatile Path scratch = folder;
    volatile Executor builds = Runnable::run;
    volatile Executor blocking = Runnable::run;

    /** Whether past records cannot be read, though all of them have been. */
    volatile boolean pastEndFails;

    /** What the manifest was at first, once it is to be that again behind a change of plan. */
    volatile byte @Nullable [] putBack;

    /** Thrown in place of the answer to whatever is written next. */
    volatile @Nullable Error writeBreaks;

    final FaultyScratch scratches = new FaultyScratch(() -> ScratchAccounts.open(scratch));
    final AtomicBoolean lakeFails = new AtomicBoolean();
    final FaultyLake lake = new FaultyLake(lakeFails::get, () -> false, new Written());
    final SharedScorer scorer = new SharedScorer(
            fingerprint -> fingerprint.equals(Models.PLAN.fingerprint()) ? Models.PLAN : Models.OTHER_PLAN,
            MODELS,
            this::table,
            Detector::new,
            new LiveMetrics());
    final AtomicInteger tablesLoaded = new AtomicInteger();
    long othersTable = 1;
    final Queue<Thread> loaders = new ConcurrentLinkedQueue<>();
    final DirectRoute route = new DirectRoute(scorer);
    final PartitionBoard board = new PartitionBoard();
    final LiveMetrics metrics = new LiveMetrics();
    final Log log = new Log();
    ActorRef<PartitionEntity.Command> partition;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
    }

    @BeforeEach
    void spawn() {
        partition = kit.spawn(PartitionEntity.create(0, surroundings()));
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    /** With eight tables, each time others, so that earlier ones have to make room. */
    void othersGoOn() throws IOException {
        for (int i = 0; i < 8; i++) {
            scorer.load(CONTEXT.withRisk(++othersTable));
        }
    }

    /** False once a checkpoint that is to reach the offset could not be written. */
    boolean isWritten(long offset) {
        await().until(() -> status().durableOffset() == offset
                || String.valueOf(status().problem()).contains("cannot be written"));
        return status().durableOffset() == offset;
    }

    Surroundings surroundings() {
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
                new RunLimits(100, 20, 50, 300, 5, 1_000, LEASE_MS, 8),
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

    void past(int number, long from, long to, Consumer<EventGroup> taker) throws IOException {
        taker.accept(group(from, to));
        if (pastEndFails) {
            pastEndFails = false;
            throw new IOException("cannot be closed");
        }
    }

    MerchantRisk table(long version) {
        tablesLoaded.incrementAndGet();
        loaders.add(Thread.currentThread());
        return MerchantRisk.NONE;
    }

    /** Sees what is written. */
    final class Written implements FaultyLake.Watcher {

        @Override
        public void called() {}

        @Override
        public void wrote(String name, byte[] content) {
            Error breaks = writeBreaks;
            if (breaks != null) {
                throw breaks;
            }
            byte[] earlier = putBack;
            if (earlier != null
                    && name.equals(MANIFEST)
                    && new String(content, StandardCharsets.UTF_8).contains(Models.OTHER_PLAN.fingerprint())) {
                lake.damage(name, earlier);
                putBack = null;
            }
        }
    }

    long claim() {
        return claim(CONTEXT);
    }

    long claim(ContextRef context) {
        return this.<Long>ask(replyTo -> new PartitionEntity.Claim(context, replyTo));
    }

    PartitionBoard.Status status() {
        PartitionBoard.Status status = board.of(0);
        return status == null ? new PartitionBoard.Status(0, 0, null, null) : status;
    }

    long epoch() {
        return status().epoch();
    }

    /** Begins a stream; completes when the partition ends it. */
    CompletableFuture<RunLostException> stream(long epoch) {
        CompletableFuture<RunLostException> ended = new CompletableFuture<>();
        partition.tell(new PartitionEntity.Streams(epoch, ended::complete));
        return ended;
    }

    CompletableFuture<Done> offer(long epoch, long from, long to) {
        CompletableFuture<Done> taken = new CompletableFuture<>();
        partition.tell(new PartitionEntity.Offer(epoch, group(from, to), taken));
        return taken.orTimeout(10, TimeUnit.SECONDS);
    }

    <T> T ask(Function<ActorRef<StatusReply<T>>, PartitionEntity.Command> question) {
        return AskPattern.askWithStatus(partition, question, Duration.ofSeconds(10), kit.scheduler())
                .toCompletableFuture()
                .join();
    }

    static <T> ActorRef<T> ignored() {
        return kit.<T>createTestProbe().getRef();
    }

    static EventGroup group(long from, long to) {
        List<LoggedEvent> events = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            events.add(event(offset));
        }
        return new EventGroup(0, events, List.of(), to);
    }

    static LoggedEvent event(long offset) {
        long time = 1_700_000_000_000L + offset * 1_000;
        return new LoggedEvent(
                offset,
                time,
                new Transaction(
                        "t" + offset, "account-" + offset % 7, offset % 50, time, null, null, null, null, null));
    }

    static final class Log implements SourceLog {

        volatile long end = 1_000;

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

    static final class AtOnce implements Publisher {

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
