package io.outrider.detection.protocol;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.model.ContextRef;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One partition's world in virtual time: a log that grows, a lake and a transport that fail, accounts, and a succession
 * of runs, some of which go on as zombies beside their successors. What happens next is drawn from a seed.
 */
final class PartitionSimulation {

    private static final RunLimits LIMITS = new RunLimits(12, 500, 3_000, 2, 3);

    private final Random random;
    private final int records;
    private final FaultyLake lake;
    private final PartitionCheckpoints checkpoints;

    /** Each record's account; null for a bad one. */
    private final List<@Nullable String> log = new ArrayList<>();

    private final Map<String, AccountCell<ListFold.Account>> cells = new HashMap<>();
    private final Map<String, Deque<Runnable>> toAccounts = new TreeMap<>();
    private final Map<String, Deque<Runnable>> toRuns = new TreeMap<>();
    private final List<Runnable> acknowledgements = new ArrayList<>();
    private final List<Host> hosts = new ArrayList<>();

    /** Verdicts published, by offset. */
    final Map<Long, Set<String>> verdicts = new TreeMap<>();

    final Set<Long> deadLetters = new HashSet<>();

    private double faults;
    private int written;
    private int contexts = 1;
    private int owners;
    private long now = 1_000;
    private @Nullable Host host;

    PartitionSimulation(long seed, int records, double faults) {
        this.random = new Random(seed);
        this.records = records;
        this.faults = faults;
        this.lake = new FaultyLake(() -> random.nextDouble() < this.faults * 3);
        this.checkpoints = new PartitionCheckpoints(lake, "transactions", 0);
        for (int i = 0; i < records; i++) {
            log.add(random.nextInt(8) == 0 ? null : "account-" + random.nextInt(5));
        }
    }

    /** Runs until the whole log is done and a last checkpoint taken; false if that does not come about. */
    boolean run() throws IOException {
        for (int step = 0; step < 200_000; step++) {
            if (written == records && faults > 0 && random.nextInt(200) == 0) {
                faults = 0; // from here on, everything must come to an end
            }
            Host current = host;
            if (current == null || current.lost) {
                replace(current);
            } else if (current.drained) {
                return true;
            } else {
                step(current);
            }
        }
        return false;
    }

    /** The states as the lake has them in the end. */
    Map<String, String> states() throws IOException {
        Map<String, String> states = new TreeMap<>();
        checkpoints
                .load(claim().manifest())
                .forEach((account, bytes) -> states.put(account, new String(bytes, StandardCharsets.UTF_8)));
        return states;
    }

    /** The same, folded from the log by nothing but a loop. */
    Map<String, String> expectedStates() {
        Map<String, String> states = new TreeMap<>();
        for (int offset = 0; offset < records; offset++) {
            String account = log.get(offset);
            if (account != null) {
                states.merge(account, offset + ",", String::concat);
            }
        }
        return states;
    }

    int records() {
        return records;
    }

    boolean isBad(long offset) {
        return log.get((int) offset) == null;
    }

    private void step(Host current) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> deliver(toAccounts);
            case 3, 4, 5 -> deliver(toRuns);
            case 6 -> acknowledge();
            case 7, 8 -> current.stream();
            case 9 -> write();
            case 10 -> tick();
            default -> upset(current);
        }
    }

    private void upset(Host current) {
        int what = random.nextInt(100);
        written = Math.min(records, written + random.nextInt(3));
        if (what < 4) {
            current.run.changeContext(new ContextRef("m" + contexts++, 0), now);
        } else if (what < 4 + faults * 100) {
            hosts.clear();
            cells.clear();
            toAccounts.clear();
            toRuns.clear();
            acknowledgements.clear();
            host = null;
        } else if (what < 6 + faults * 100 && faults > 0) {
            host = null; // and the present one goes on, a zombie
        } else if (written == records && current.position == records && !current.offering && faults == 0) {
            current.run.drain(now);
        }
    }

    private void replace(@Nullable Host old) {
        if (old != null) {
            old.run.end();
        }
        try {
            Held held = claim();
            host = new Host(held, checkpoints.load(held.manifest()));
            hosts.add(host);
            checkpoints.deleteLeftovers(held.manifest());
        } catch (IOException e) {
            host = null;
        }
    }

    private Held claim() throws IOException {
        return checkpoints.claim(
                new Claim("o" + owners++, "transactions", "g", 0, 0, written, "plan", new ContextRef("m0", 0)));
    }

    private void tick() {
        now += random.nextInt(300);
        for (Host each : List.copyOf(hosts)) {
            each.run.tick(now);
        }
    }

    private void write() {
        for (Host each : List.copyOf(hosts)) {
            each.write();
        }
    }

    private void acknowledge() {
        if (!acknowledgements.isEmpty()) {
            acknowledgements.remove(random.nextInt(acknowledgements.size())).run();
        }
    }

    private void deliver(Map<String, Deque<Runnable>> channels) {
        List<Deque<Runnable>> waiting = new ArrayList<>();
        for (Deque<Runnable> channel : channels.values()) {
            if (!channel.isEmpty()) {
                waiting.add(channel);
            }
        }
        if (waiting.isEmpty()) {
            return;
        }
        Runnable message = waiting.get(random.nextInt(waiting.size())).remove();
        if (random.nextDouble() >= faults) {
            message.run();
            if (random.nextDouble() < faults) {
                message.run();
            }
        }
    }

    private static void send(Map<String, Deque<Runnable>> channels, String account, Runnable message) {
        channels.computeIfAbsent(account, any -> new ArrayDeque<>()).add(message);
    }

    /** A run's host: its effects go out into the simulated world. */
    private final class Host implements PartitionEffects {

        private final PartitionRun run;
        private Held held;
        private int position;
        private boolean offering;
        private boolean lost;
        private boolean drained;
        private @Nullable Checkpoint writing;

        Host(Held held, Map<String, byte[]> accounts) {
            this.held = held;
            this.position = (int) held.manifest().nextOffset();
            this.run = new PartitionRun(held.manifest(), accounts, written, LIMITS, this);
        }

        void stream() {
            int available = written - position;
            if (offering || available == 0) {
                return;
            }
            int end = position + 1 + random.nextInt(Math.min(6, available));
            List<LoggedEvent> events = new ArrayList<>();
            List<DeadLetter> letters = new ArrayList<>();
            // Sometimes the consumer brings records again that it has brought before.
            int start = random.nextDouble() < faults ? Math.max(0, position - 2) : position;
            for (int offset = start; offset < end; offset++) {
                String account = log.get(offset);
                if (account != null) {
                    events.add(ListFold.event(account, offset));
                } else {
                    letters.add(new DeadLetter(
                            "transactions", 0, offset, 0, null, null, new Rejection(RejectionReason.NOT_JSON, "")));
                }
            }
            position = end;
            offering = true;
            run.offer(new EventGroup(0, events, letters, end), now);
        }

        void write() {
            Checkpoint checkpoint = writing;
            if (checkpoint == null) {
                return;
            }
            try {
                Outcome outcome = checkpoints.advance(held, checkpoint);
                writing = null;
                if (outcome instanceof Outcome.Written done) {
                    held = done.held();
                    run.onWritten(checkpoint.barrier(), now);
                } else {
                    run.onFenced("another");
                }
            } catch (IOException e) {
                // tried again when its turn comes
            }
        }

        @Override
        public void send(String account, AccountMessage message) {
            PartitionSimulation.send(toAccounts, account, () -> receive(account, message));
        }

        private void receive(String account, AccountMessage message) {
            AccountReply reply;
            if (message instanceof AccountMessage.Batch batch) {
                reply = cells.computeIfAbsent(account, name -> new AccountCell<>(name, new ListFold()))
                        .on(batch);
            } else {
                cells.remove(account);
                reply = new AccountReply.Retired(account, message.epoch());
            }
            if (reply != null) {
                PartitionSimulation.send(toRuns, account, () -> run.onReply(reply, now));
            }
        }

        @Override
        public void publish(long interval, RaisedAlert alert) {
            long offset = alert.alert().receipt().position().offset();
            acknowledgements.add(() -> {
                verdicts.computeIfAbsent(offset, any -> new HashSet<>())
                        .add(alert.alert().modelVersion() + " on "
                                + alert.alert().reasons());
                run.onPublished(interval, now);
            });
        }

        @Override
        public void publish(long interval, DeadLetter letter) {
            acknowledgements.add(() -> {
                deadLetters.add(letter.offset());
                run.onPublished(interval, now);
            });
        }

        @Override
        public void write(Checkpoint checkpoint) {
            writing = checkpoint;
        }

        @Override
        public void taken() {
            offering = false;
        }

        @Override
        public void folded(int events, int late) {}

        @Override
        public void decided(long appendTimeMs) {}

        @Override
        public void skipped(int skipped) {}

        @Override
        public void committed(long nextOffset, ContextRef context) {}

        @Override
        public void drained() {
            drained = true;
        }

        @Override
        public void lost(String reason) {
            lost = true;
        }

        @Override
        public void ended() {
            hosts.remove(this);
        }
    }
}
