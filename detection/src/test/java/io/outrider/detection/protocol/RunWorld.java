package io.outrider.detection.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.detection.alert.Alerts;
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
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A run with its accounts; things happen when it settles. */
final class RunWorld implements PartitionEffects, AutoCloseable {

    static final int IN_FLIGHT = 200;
    static final int BATCH = 50;
    static final int ACCOUNTS = 100;
    static final int GROUP = 20;
    static final long TIMEOUT_MS = 3_000;
    static final long BARRIER_MS = 1_000;

    final ScratchAccounts passive;
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

    int longestBatch;
    boolean accountsAlert;

    long now = 1_000;

    @Nullable
    String lost;

    /** @param folder where accounts out of memory are kept */
    RunWorld(Path folder) throws IOException {
        this.passive = ScratchAccounts.open(folder);
        CheckpointManifest manifest = manifest();
        RunLimits limits = new RunLimits(IN_FLIGHT, BATCH, BARRIER_MS, TIMEOUT_MS, 50, ACCOUNTS, Long.MAX_VALUE / 4, 8);
        this.run = new PartitionRun(manifest, passive, new Tenure(1, limits.leaseMs(), now, now, 0), limits, this);
    }

    /** That of a partition claimed for the first time. */
    static CheckpointManifest manifest() {
        return new CheckpointManifest(
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
    }

    void offer(long from, LongFunction<String> account) {
        offer(from, GROUP, account);
    }

    void offer(long from, int size, LongFunction<String> account) {
        List<LoggedEvent> events = new ArrayList<>();
        for (long offset = from; offset < from + size; offset++) {
            events.add(new LoggedEvent(
                    offset,
                    0,
                    new Transaction("t" + offset, account.apply(offset), 1, 0, null, null, null, null, null)));
        }
        offered = true;
        run.offer(new EventGroup(0, events, List.of(), from + size), now);
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
        if (message instanceof AccountMessage.Batch batch) {
            snapshotsAlone += batch.events().isEmpty() ? 1 : 0;
            longestBatch = Math.max(longestBatch, batch.events().size());
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

    /** The offset that the group which is held back begins at. */
    long offerUntilHeldBack(LongFunction<String> account) {
        for (long offset = 0; ; offset += GROUP) {
            assertThat(offset).as("something holds the stream back").isLessThan(10_000);
            offer(offset, account);
            settle();
            if (offered) {
                return offset;
            }
        }
    }

    /** Counts its events, and publishes every one as scored. */
    private final class Counter implements AccountFold.Account {

        private int events;

        Counter(byte @Nullable [] state) {
            events = state == null || state.length == 0
                    ? 0
                    : ByteBuffer.wrap(state).getInt();
        }

        @Override
        public @Nullable Alert fold(LoggedEvent event, ContextRef context) {
            events++;
            return accountsAlert ? Alerts.alert(event.transaction().account(), event.offset()) : null;
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

    @Override
    public void close() {
        passive.close();
    }
}
