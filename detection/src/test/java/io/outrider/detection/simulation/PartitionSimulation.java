package io.outrider.detection.simulation;

import io.outrider.core.alert.Alert;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.ContextRef;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.protocol.FaultyLake;
import io.outrider.detection.protocol.RunLimits;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.ContextHistory;
import io.outrider.lake.checkpoint.CorruptCheckpointException;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes, one partition, virtual time: a log that grows, a group that moves the partition about, nodes that crash,
 * freeze and go on as zombies, a lake and a transport that fail, contexts that change. What happens next is drawn from a
 * seed. In the end nothing fails any more, the log is done, and the outcome is compared with a plain fold of the log.
 *
 * <p>Nothing is assumed of the consumer group: a zombie's consumer brings it whatever the log has, at any time.
 */
final class PartitionSimulation {

    static final RunLimits LIMITS = new RunLimits(12, 2, 500, 3_000, 2, 4, 1_000, 3);

    /** Where accounts out of memory are kept, in segments so small that they fill and are won back. */
    static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"));

    static final int SEGMENT_BYTES = 4 << 10;

    private static final int NODES = 3;
    private static final int MAX_STEPS = 100_000;
    private static final int NESTED_CALLS = 2;

    /** The node that was calling the lake has crashed. */
    static final class Crashed extends RuntimeException {

        Crashed() {
            super(null, null, false, false);
        }
    }

    /** A task that is calling the lake; {@code claimed} tells whether the partition was to be on its node when it began. */
    private record Call(SimulatedProcess process, boolean claimed) {}

    final Random random;
    final SimulatedFold fold;
    final SimulatedLog log;
    final SimulatedBroker broker;
    final Transport transport;
    final FaultyLake lake;
    final LiveMetrics metrics = new LiveMetrics();

    private final Vandal vandal;
    private final ManifestHistory history = new ManifestHistory();
    private final List<SimulatedNode> nodes = new ArrayList<>();

    private Weather weather;
    private ContextRef wanted;
    private SimulatedNode assigned;
    private SimulatedNode home;
    private @Nullable Call calling;
    private int calls;
    private long now = 1_000;
    private boolean done;
    private @Nullable String violation;

    PartitionSimulation(long seed, SimulatedFold fold, int records, Weather weather) {
        this.random = new Random(seed);
        this.fold = fold;
        this.weather = weather;
        this.log = new SimulatedLog(random, records, fold, 3 + random.nextInt(weather.isHaunted() ? 2 : 12));
        if (random.nextInt(3) == 0) {
            log.grow(random.nextInt(records)); // much to catch up with, so that zombies have much to do
        }
        this.broker = new SimulatedBroker(random);
        this.transport = new Transport(random);
        this.lake = new FaultyLake(
                () -> random.nextDouble() < this.weather.lake(),
                () -> random.nextDouble() < this.weather.lake(),
                new FaultyLake.Watcher() {
                    @Override
                    public void called() {
                        interleave();
                    }

                    @Override
                    public void wrote(String name, byte[] content) {
                        record(name, content);
                    }
                });
        this.vandal = new Vandal(random, lake, "checkpoints/transactions/0/manifest.json");
        this.wanted = fold.contexts().get(0);
        for (int i = 0; i < NODES; i++) {
            nodes.add(new SimulatedNode(this, i));
        }
        this.assigned = nodes.get(0);
        this.home = assigned;
    }

    /** Lets a schedule run to its end and returns what is wrong with it; null if nothing is. */
    @Nullable
    String violation() {
        try {
            for (int step = 0; step < MAX_STEPS && violation == null; step++) {
                if (done && nodes.stream().allMatch(SimulatedNode::isIdle)) {
                    return compare();
                }
                step();
            }
            return violation == null ? "does not come to an end" : violation;
        } catch (IOException | RuntimeException e) {
            return "threw " + e;
        }
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> transport.deliver(weather.messages());
            case 5, 6 -> broker.proceed();
            case 7 -> now += random.nextInt(weather.isHaunted() ? 40 : 300);
            case 8 -> upset();
            default ->
                (random.nextInt(3) > (weather.isHaunted() ? 1 : 0) ? assigned : nodes.get(random.nextInt(NODES))).act();
        }
    }

    private void upset() {
        log.grow(random.nextInt(weather.isHaunted() ? 2 : 4));
        lake.settle();
        vandal.tick(weather.files());
        if (metrics.setbacks.sum() > 0 && vandal.isInnocent()) {
            violation = "went back to an earlier checkpoint without damage";
        }
        if (isSettled()) {
            nodes.forEach(node -> node.freeze(false));
            return;
        }
        if (log.written() == log.size() && random.nextInt(30) == 0) {
            weather = Weather.CALM; // from here on, everything must come to an end
            return;
        }
        SimulatedNode node = nodes.get(random.nextInt(NODES));
        if (random.nextDouble() < weather.contexts()) {
            wanted = fold.contexts().get(random.nextInt(fold.contexts().size()));
        } else if (random.nextDouble() < weather.nodes()) {
            node.crash();
        } else if (random.nextDouble() < weather.nodes()) {
            assigned = node;
        } else if (random.nextDouble() < weather.nodes()) {
            node.freeze(true);
            if (node == assigned && random.nextBoolean()) {
                assigned = nodes.get(random.nextInt(NODES));
            }
        } else if (random.nextInt(10) == 0) {
            node.freeze(false);
        }
    }

    /** Runs a task of a process, in the middle of whose calls to the lake other things may happen. */
    void run(SimulatedProcess process, Runnable task) {
        Call before = calling;
        calling = new Call(process, process.isClaimed());
        calls++;
        try {
            task.run();
        } finally {
            calls--;
            calling = before;
        }
    }

    private void interleave() {
        Call call = calling;
        if (call == null) {
            return;
        }
        if (calls <= NESTED_CALLS && random.nextDouble() < weather.lake() * 2) {
            calling = null;
            for (int steps = random.nextInt(150); steps > 0; steps--) {
                nested();
            }
            calling = call;
        }
        if (!call.process().isAlive()) {
            throw new Crashed();
        }
    }

    /** A step whose failure is not the business of who is calling the lake. */
    private void nested() {
        try {
            step();
        } catch (RuntimeException e) {
            violation = "threw " + e;
        }
    }

    private void record(String name, byte[] content) {
        if (name.endsWith("manifest.json")) {
            try {
                CheckpointManifest manifest = CheckpointManifest.fromJson(name, content);
                if (manifest.epoch() > history.epoch()) {
                    refuseReleased("epoch " + manifest.epoch() + " was claimed");
                }
                history.add(manifest);
            } catch (CorruptCheckpointException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private @Nullable String compare() throws IOException {
        if (history.violation() != null) {
            return history.violation();
        }
        Map<String, String> states = new TreeMap<>();
        PartitionCheckpoints checkpoints = new PartitionCheckpoints(lake, "transactions", 0);
        Claim claim = new Claim("auditor", "transactions", "g", 0, 0, log.size(), fold.planFingerprint(wanted), wanted);
        CheckpointManifest end = checkpoints.claim(claim, this::isFamiliar).manifest();
        if (!isFamiliar(end)) {
            return "states of plan " + end.planFingerprint() + " under " + end.context();
        }
        checkpoints.load(end, (account, bytes) -> {
            if (bytes.length == 0) {
                states.remove(account);
            } else {
                states.put(account, fold.shown(bytes));
            }
        });
        ContextHistory kept = ContextHistory.read(lake, "transactions", 0, 0).orElseThrow();
        Map<String, SimulatedFold.Plain> plain = new TreeMap<>();
        Map<Long, Set<Alert>> alerts = new TreeMap<>();
        MerchantAudit merchants = new MerchantAudit();
        for (long offset = 0; offset < log.size(); offset++) {
            ContextRef inForce = Objects.requireNonNull(history.contextAt(offset));
            if (!inForce.equals(kept.at(offset))) {
                return "the lake's history says " + kept.at(offset) + " of offset " + offset + ", in force was "
                        + inForce;
            }
            LoggedEvent event = log.event(offset);
            if (event == null) {
                if (!broker.deadLetters.contains(offset)) {
                    return "the dead letter of offset " + offset + " is missing";
                }
                continue;
            }
            if (broker.scored.contains(offset) != (!event.erases() && fold.publishesScored(offset))) {
                return "the scored transaction of offset " + offset + " is missing, or should not be there";
            }
            if (event.erases()) {
                plain.remove(event.transaction().account());
                continue;
            }
            merchants.count(event.transaction());
            Alert alert = plain.computeIfAbsent(event.transaction().account(), any -> fold.plain())
                    .fold(event, inForce);
            if (alert != null) {
                alerts.put(offset, Set.of(alert));
            }
        }
        Map<String, String> expected = new TreeMap<>();
        plain.forEach((account, folded) -> expected.put(account, folded.state(end.context())));
        if (!states.equals(expected)) {
            return "states " + states + " where a plain fold has " + expected;
        }
        if (!alerts.equals(broker.alerts)) {
            return "alerts " + broker.alerts + " where a plain fold has " + alerts;
        }
        return metrics.setbacks.sum() > 0 ? null : merchants.compare(lake);
    }

    /** Whether states are of the plan that is in force. */
    boolean isFamiliar(CheckpointManifest manifest) {
        return manifest.planFingerprint().equals(fold.planFingerprint(manifest.context()));
    }

    /** Whether a message of the cluster's own is to get lost. */
    boolean loses() {
        return random.nextDouble() < weather.messages();
    }

    /** Whether nothing goes wrong any more. */
    boolean isSettled() {
        return weather.isCalm() && log.written() == log.size();
    }

    boolean isHaunted() {
        return weather.isHaunted();
    }

    long now() {
        return now;
    }

    ContextRef wanted() {
        return wanted;
    }

    boolean isAssigned(SimulatedNode node) {
        return node == assigned && !done;
    }

    /** Brings the accounts' shard to a node. */
    void attract(SimulatedNode node) {
        refuseReleased("the accounts were moved");
        home = node;
        for (SimulatedNode other : nodes) {
            if (other != node && !loses() && !(isHaunted() && random.nextInt(4) > 0)) {
                other.handOff();
            }
        }
    }

    /** Where a node's messages to accounts go: to the shard's home, or, while it does not know better, to itself. */
    SimulatedNode homeOf(SimulatedNode from) {
        return from == home || (!isHaunted() && random.nextBoolean()) ? home : from;
    }

    /** A takeover that has been given up must do nothing any more that another may notice. */
    private void refuseReleased(String what) {
        if (calling != null && !calling.claimed()) {
            violation = what + " by a node that had let the partition go";
        }
    }

    /** A node has let the partition go, with a last checkpoint or without. */
    void released() {
        done = done || (isSettled() && history.nextOffset() == log.size());
    }
}
