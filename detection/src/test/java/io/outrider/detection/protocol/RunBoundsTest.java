package io.outrider.detection.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.scratch.ScratchAccounts;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.CheckpointManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run holds stays within its limits, whatever is slow: accounts, the broker, the lake, or one hot account. */
class RunBoundsTest {

    private static final int IN_FLIGHT = 200;
    private static final int ACCOUNTS = 100;
    private static final int GROUP = 20;
    private static final long TIMEOUT_MS = 3_000;
    private static final long BARRIER_MS = 1_000;

    @TempDir
    Path folder;

    private ScratchAccounts passive;
    private World world;

    @BeforeEach
    void start() throws IOException {
        passive = ScratchAccounts.open(folder);
        world = new World(passive);
    }

    @AfterEach
    void stop() {
        passive.close();
    }

    @Test
    void accountsInMemoryStayWithinTheirLimitAndKeepTheirStates() {
        for (long offset = 0; offset < 9_000; offset += GROUP) {
            world.offer(offset, number -> "account-" + number * 7 % 1_500);
            world.settle();
            assertThat(world.offered).as("the group at %d is taken", offset).isFalse();
        }
        assertThat(world.mostInMemory).isEqualTo(ACCOUNTS);
        world.run.drain(world.now);
        world.settle();
        assertThat(world.isDrained).isTrue();
        for (int number = 0; number < 1_500; number++) {
            byte[] state = world.run.accounts().state("account-" + number);
            assertThat(state).isNotNull();
            assertThat(ByteBuffer.wrap(state).getInt()).isEqualTo(6);
        }
        assertThat(world.run.accounts().names()).hasSize(1_500).doesNotHaveDuplicates();
    }

    @Test
    void theAccountThatIsUsedStaysInMemoryWhileOthersLeave() {
        for (long offset = 0; offset < 2_000; offset += GROUP) {
            world.offer(offset, number -> number % GROUP == 0 ? "hot" : "account-" + number);
            world.settle();
        }
        assertThat(world.retired.contains("hot")).isFalse();
        assertThat(world.retired).hasSizeGreaterThan(1_700);
    }

    @Test
    void aLateAnswerOfAnAccountThatHasLeftIsNotTakenForOneOfItsReturn() {
        for (long offset = 0; offset < 2_000; offset += GROUP) {
            world.offer(offset, number -> "account-" + number);
            world.settle();
        }
        assertThat(world.retired).contains("account-0");
        AccountReply late = Objects.requireNonNull(world.replies.get("account-0"));
        world.accountsAnswer = false;
        world.offer(2_000, number -> "account-0");
        world.run.onReply(late, null, world.now);
        assertThat(world.lost).isNull();
        world.accountsAnswer = true;
        world.run.drain(world.now);
        world.settle();
        assertThat(world.isDrained).isTrue();
        assertThat(ByteBuffer.wrap(world.run.accounts().state("account-0")).getInt())
                .isEqualTo(1 + GROUP);
    }

    @Test
    void whileTheLakeTakesNoCheckpointNoMoreAccountsComeInThanMay() {
        world.lakeAnswers = false;
        long offset = offerUntilHeldBack(number -> "account-" + number);
        assertThat(offset).isEqualTo(ACCOUNTS);
        assertThat(world.mostInMemory).isLessThanOrEqualTo(ACCOUNTS);
        world.lakeAnswers = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void whileAHotAccountIsSlowNoMoreEventsWaitForItThanMay() {
        world.accountsAnswer = false;
        long offset = offerUntilHeldBack(number -> number % 2 == 0 ? "hot" : "account-" + number % 50);
        assertThat(offset).isBetween((long) IN_FLIGHT - GROUP, (long) IN_FLIGHT);
        world.accountsAnswer = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void whileTheBrokerAcknowledgesNothingNoMoreRecordsWaitForItThanMay() {
        world.brokerAnswers = false;
        offerUntilHeldBack(number -> "account-" + number % 50);
        assertThat(world.unacknowledged).hasSizeBetween(IN_FLIGHT, IN_FLIGHT + GROUP);
        world.brokerAnswers = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void aRunWhoseAccountsDoNotLeaveWhenAskedIsLost() {
        world.losesRetire = true;
        offerUntilHeldBack(number -> "account-" + number);
        world.pass(TIMEOUT_MS);
        world.settle();
        assertThat(world.lost).isNull();
        world.pass(2);
        assertThat(world.lost).contains("were asked to leave memory");
    }

    @Test
    void runsShareTheLimit() {
        world.run.share(4);
        for (long offset = 0; offset < 1_000; offset += GROUP) {
            world.offer(offset, number -> "account-" + number);
            world.settle();
        }
        assertThat(world.mostInMemory).isLessThanOrEqualTo(ACCOUNTS / 4);
        assertThat(world.offered).isFalse();
    }

    @Test
    void aRunThatIsToHoldFewerWhileNothingComesGoesOn() {
        world.offer(0, number -> "account-" + number);
        world.settle();
        world.pass(1_000); // a barrier: nothing lies behind it
        world.settle();
        world.run.share(100);
        world.offer(GROUP, number -> "account-" + number);
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void theNextGroupIsAskedForOnlyWhenThereIsRoomForIt() {
        world.accountsAnswer = false;
        long offset = offerUntilHeldBack(number -> "account-" + number % 50);
        assertThat(world.run.nextOffset()).isEqualTo(offset + GROUP);
        assertThat(world.run.offered()).as("all of it is taken").isNull();
        world.accountsAnswer = true;
        world.settle();
        assertThat(world.offered).isFalse();
    }

    @Test
    void aBarrierThatIsDueWaitsForTheGroupThatComesWhenThereIsRoom() {
        world.offer(0, number -> "account-" + number);
        world.settle(); // the first barrier
        world.offer(GROUP, number -> "account-" + number);
        world.pass(BARRIER_MS + BARRIER_MS / 10);
        world.settle();
        assertThat(world.snapshotsAlone).as("nothing comes: a message each").isEqualTo(GROUP);

        world.accountsAnswer = false;
        offerUntilHeldBack(number -> "account-" + number % GROUP);
        world.snapshotsAlone = 0;
        world.pass(2 * BARRIER_MS - 1);
        assertThat(world.snapshotsAlone).isZero();
        world.accountsAnswer = true;
        world.settle();
        world.offer(world.run.nextOffset(), number -> "account-" + number % GROUP);
        assertThat(world.snapshotsAlone).as("they ride on the group's batches").isZero();
        world.settle();
        assertThat(world.run.durableOffset()).isEqualTo(world.run.nextOffset());
    }

    @Test
    void aBarrierWaitsNoLongerThanAnotherIntervalForAGroup() {
        world.offer(0, number -> "account-" + number % GROUP);
        world.settle(); // the first barrier
        world.accountsAnswer = false;
        offerUntilHeldBack(number -> "account-" + number % GROUP);
        world.pass(2 * BARRIER_MS);
        assertThat(world.snapshotsAlone).isEqualTo(GROUP);
    }

    /** The offset that the group which is held back begins at. */
    private long offerUntilHeldBack(LongFunction<String> account) {
        for (long offset = 0; ; offset += GROUP) {
            assertThat(offset).as("something holds the stream back").isLessThan(10_000);
            world.offer(offset, account);
            world.settle();
            if (world.offered) {
                return offset;
            }
        }
    }

    /** A run with its accounts; things happen when it settles. */
    private static final class World implements PartitionEffects {

        final PartitionRun run;
        final Map<String, AccountCell<Counter>> cells = new HashMap<>();
        final Set<String> retired = new HashSet<>();

        /** Every account's first answer. */
        final Map<String, AccountReply> replies = new HashMap<>();

        final Deque<Long> unacknowledged = new ArrayDeque<>();
        private final Deque<Runnable> mail = new ArrayDeque<>();
        private final Deque<Checkpoint> writes = new ArrayDeque<>();

        boolean accountsAnswer = true;
        boolean brokerAnswers = true;
        boolean lakeAnswers = true;
        boolean losesRetire;
        boolean offered;
        boolean isDrained;
        int mostInMemory;

        /** Requests for a state that came without events. */
        int snapshotsAlone;

        long now = 1_000;

        @Nullable
        String lost;

        World(PassiveAccounts passive) {
            CheckpointManifest manifest = new CheckpointManifest(
                    1,
                    "t",
                    "g",
                    0,
                    1,
                    "o",
                    0,
                    0,
                    "p",
                    new ContextRef("m", 0),
                    List.of(),
                    List.of(),
                    null,
                    List.of(),
                    List.of());
            RunLimits limits = new RunLimits(IN_FLIGHT, BARRIER_MS, TIMEOUT_MS, 50, ACCOUNTS, Long.MAX_VALUE / 4, 8);
            this.run = new PartitionRun(manifest, passive, new Tenure(1, limits.leaseMs(), now, now, 0), limits, this);
        }

        void offer(long from, LongFunction<String> account) {
            List<LoggedEvent> events = new ArrayList<>();
            for (long offset = from; offset < from + GROUP; offset++) {
                events.add(new LoggedEvent(
                        offset,
                        0,
                        new Transaction("t" + offset, account.apply(offset), 1, 0, null, null, null, null, null)));
            }
            offered = true;
            run.offer(new EventGroup(0, events, List.of(), from + GROUP), now);
        }

        void pass(long ms) {
            now += ms;
            run.tick(now);
        }

        /** Delivers what may be delivered until there is nothing more. */
        void settle() {
            boolean more = true;
            while (more) {
                more = false;
                while (accountsAnswer && !mail.isEmpty()) {
                    mail.remove().run();
                    more = true;
                }
                while (brokerAnswers && !unacknowledged.isEmpty()) {
                    run.onPublished(unacknowledged.remove(), now);
                    more = true;
                }
                while (lakeAnswers && !writes.isEmpty()) {
                    run.onWritten(writes.remove().barrier(), now);
                    more = true;
                }
            }
        }

        @Override
        public void send(String account, @Nullable AccountPeer peer, AccountMessage message) {
            if (message instanceof AccountMessage.Batch batch && batch.events().isEmpty()) {
                snapshotsAlone++;
            }
            mail.add(() -> {
                if (message instanceof AccountMessage.Batch batch) {
                    AccountCell<Counter> cell = cells.computeIfAbsent(
                            account, name -> new AccountCell<>(name, (state, context) -> new Counter(state)));
                    mostInMemory = Math.max(mostInMemory, cells.size());
                    AccountReply reply = cell.on(batch);
                    if (reply != null) {
                        replies.putIfAbsent(account, reply);
                        run.onReply(reply, null, now);
                    }
                } else if (!losesRetire) {
                    cells.remove(account);
                    retired.add(account);
                    run.onReply(new AccountReply.Retired(account, message.epoch()), null, now);
                }
            });
        }

        @Override
        public void publish(long interval, RaisedAlert alert) {
            unacknowledged.add(interval);
        }

        @Override
        public void publish(long interval, ScoredRecord scored) {
            unacknowledged.add(interval);
        }

        @Override
        public void publish(long interval, DeadLetter letter) {
            unacknowledged.add(interval);
        }

        @Override
        public void look() {}

        @Override
        public void askLogEnd() {}

        @Override
        public void write(Checkpoint checkpoint) {
            writes.add(checkpoint);
        }

        @Override
        public void taken() {
            offered = false;
        }

        @Override
        public void folded(int events, int late) {}

        @Override
        public void decided(long appendTimeMs) {}

        @Override
        public void skipped(int records) {}

        @Override
        public void committed(long nextOffset, ContextRef context) {}

        @Override
        public void drained() {
            isDrained = true;
        }

        @Override
        public void lost(String reason) {
            lost = reason;
        }

        @Override
        public void ended() {}
    }

    /** Counts its events, and publishes every one as scored. */
    private static final class Counter implements AccountFold.Account {

        private int events;

        Counter(byte @Nullable [] state) {
            events = state == null || state.length == 0
                    ? 0
                    : ByteBuffer.wrap(state).getInt();
        }

        @Override
        public @Nullable Alert fold(LoggedEvent event, ContextRef context) {
            events++;
            return null;
        }

        @Override
        public void erase() {
            events = 0;
        }

        @Override
        public ScoredRecord scored() {
            return new ScoredRecord("any", new byte[0]);
        }

        @Override
        public long late() {
            return 0;
        }

        @Override
        public byte[] snapshot() {
            return events == 0
                    ? new byte[0]
                    : ByteBuffer.allocate(4).putInt(events).array();
        }
    }
}
