package io.outrider.detection.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth something: each of these mistakes turns it red, over seeds that are green without. */
@ExtendWith(Unlogged.class)
class MutationTest {

    private static final int SEEDS = 2_500;

    private static final String TAKEOVER = "io.outrider.detection.entity.Takeover";
    private static final String ACTOR = "io.outrider.detection.entity.PartitionEntity";
    private static final String BUILD = "io.outrider.detection.protocol.PlanBuild";
    private static final String CELL = "io.outrider.detection.protocol.AccountCell";
    private static final String RUN = "io.outrider.detection.protocol.PartitionRun";
    private static final String TENURE = "io.outrider.detection.protocol.Tenure";
    private static final String INTERVAL = "io.outrider.detection.protocol.Interval";
    private static final String CONVERSATION = "io.outrider.detection.protocol.Conversation";
    private static final String CHECKPOINTS = "io.outrider.lake.checkpoint.PartitionCheckpoints";
    private static final String MANIFEST = "io.outrider.lake.checkpoint.CheckpointManifest";

    static List<Mutation> mutations() {
        return List.of(
                Mutation.of(
                        "no fencing: the owner is not compared",
                        CHECKPOINTS,
                        "if (!current.manifest().owner().equals(from.owner())) {",
                        "if (false) {"),
                Mutation.of(
                                "no fencing: the manifest is replaced whatever it is",
                                CHECKPOINTS,
                                "lake.putIfMatch(manifestName, by.toJson(), current.get().etag())",
                                "Optional.of(lake.put(manifestName, by.toJson()))")
                        .likelyAt(32),
                Mutation.of("no run stamp: a claim keeps the epoch", MANIFEST, "epoch + 1,", "epoch,")
                        .likelyAt(9),
                Mutation.of(
                                "no run stamp: an account goes on with what it has of an earlier run",
                                CELL,
                                "state = fold.open(batch.opening().state(), batch.context());",
                                "state = state == null ? fold.open(batch.opening().state(), batch.context()) : state;")
                        .likelyAt(29),
                Mutation.of(
                                "commit before the alerts are acknowledged",
                                RUN,
                                "if (closing != null && closing.complete() && !closing.writing) {",
                                "if (closing != null && closing.unanswered == 0 && !closing.writing) {")
                        .and(
                                RUN,
                                "if (phase != Phase.RUNNING || of == null) {",
                                "unacknowledged -= of == null ? 1 : 0; if (phase != Phase.RUNNING || of == null) {")
                        .likelyAt(2),
                Mutation.of(
                        "no barrier count: missing answers are not noticed",
                        INTERVAL,
                        "return unanswered == 0 && unacknowledged == 0;",
                        "return unacknowledged == 0;"),
                Mutation.of(
                                "no skip: records that were taken are taken again",
                                CONVERSATION,
                                "if (event.offset() < from) {",
                                "if (false) {")
                        .likelyAt(19),
                Mutation.of(
                                "no skip: records that come twice in one group are taken twice",
                                CONVERSATION,
                                "from = event.offset() + 1;",
                                "")
                        .likelyAt(19),
                Mutation.of(
                                "a group is believed that says it ends before what it has brought",
                                RUN,
                                "offered = group.whole();",
                                "offered = group;")
                        .likelyAt(8),
                Mutation.of(
                                "lost messages are noticed neither by the account nor by the run",
                                CELL,
                                " || batch.number() != number + 1) {",
                                ") {")
                        .and(CONVERSATION, "if (folded.number() != slot.answered + 1) {", "if (false) {")
                        .and(CONVERSATION, "slot.answered++;", "slot.answered = folded.number();")
                        .and(INTERVAL, "return unanswered == 0 && unack", "return unack"),
                Mutation.of(
                                "an account folds a message again that comes twice",
                                CELL,
                                "if (batch.epoch() == epoch && batch.number() <= number) {",
                                "if (false) {")
                        .and(CELL, " || batch.number() != number + 1) {", ") {")
                        .likelyAt(45),
                Mutation.of(
                                "what a group brings twice is counted twice at its merchant",
                                CONVERSATION,
                                "if (event.offset() < from) {",
                                "if (event.offset() < from) { merchants.add(event.transaction().merchant(), 0);")
                        .likelyAt(8),
                Mutation.of(
                        "a snapshot that came along counts though another batch followed",
                        INTERVAL,
                        "slot.snapshotOf = snapshot ? number : 0;",
                        "slot.snapshotOf = snapshot ? number : slot.snapshotOf;"),
                Mutation.of(
                                "a snapshot that came along counts for the barrier before",
                                CONVERSATION,
                                "if (folded.snapshot() != null && of.closed) {",
                                "if (folded.snapshot() != null) {")
                        .likelyAt(12),
                Mutation.of(
                        "an account comes back without its state",
                        CONVERSATION,
                        "first.opened(slot.state, slot)",
                        "first.opened(null, slot)"),
                Mutation.of(
                        "a new base leaves out the accounts that are not in memory",
                        "io.outrider.detection.protocol.AccountSlots",
                        "passive.forEach(sink);",
                        ""),
                Mutation.of(
                                "events behind a context change are decided before it is durable",
                                RUN,
                                "boolean paused = closing != null && (closing.change != null || ",
                                "boolean paused = closing != null && (")
                        .likelyAt(32),
                Mutation.of(
                        "the context changes below what an earlier run may have decided",
                        RUN,
                        "recorded.isEmpty() && tenure.maySwitch(nextOffset)) {",
                        "recorded.isEmpty()) {"),
                Mutation.of(
                                "the context changes while a former owner's lease may go on",
                                TENURE,
                                "this.settled = epoch == 1;",
                                "this.settled = true;")
                        .likelyAt(917),
                Mutation.of(
                                "a replay from an earlier checkpoint forgets how the context changed",
                                MANIFEST,
                                "return changes.stream()",
                                "return changes.stream().limit(0)")
                        .likelyAt(73),
                Mutation.of(
                                "a replay changes the context where its groups happen to end",
                                "io.outrider.detection.protocol.RecordedChanges",
                                "return ahead.isEmpty() ?",
                                "return true ?")
                        .likelyAt(553),
                Mutation.of(
                                "the previous checkpoint's files go as soon as there is a new one",
                                MANIFEST,
                                "if (previous != null) {\n            files.addAll",
                                "if (false) {\n            files.addAll")
                        .likelyAt(18),
                Mutation.of(
                                "a damaged file counts as one without accounts",
                                "io.outrider.lake.checkpoint.AccountFileCodec",
                                "if (!checksum(content).equals(file.crc32c())) {",
                                "if (!checksum(content).equals(file.crc32c())) { if (into != null) return;")
                        .likelyAt(83),
                Mutation.of(
                                "another plan's states lack what came behind the build",
                                BUILD,
                                "        advance(barrier.nextOffset());\n        if (closed || ",
                                "        if (closed || nextOffset == 0 || false && ")
                        .likelyAt(Schedules.PLANNED + 6),
                Mutation.of(
                                "another plan's states have events twice that the log brings twice",
                                BUILD,
                                "if (event.offset() < next) {",
                                "if (false) {")
                        .likelyAt(Schedules.PLANNED + 6),
                Mutation.of(
                                "another plan's states keep what an erasure took",
                                BUILD,
                                "account.erase();",
                                "account.late();")
                        .likelyAt(Schedules.PLANNED + 6),
                Mutation.of(
                                "after a change of plan the way back leads to states of the old one",
                                MANIFEST,
                                "if (!plan.equals(planFingerprint)) {",
                                "if (false) {")
                        .likelyAt(Schedules.PLANNED + 708),
                Mutation.of(
                                "another plan's context comes without its states",
                                CHECKPOINTS,
                                "return advance(held, complete, planFingerprint);",
                                "return advance(held, complete, held.manifest().planFingerprint());")
                        .likelyAt(Schedules.PLANNED + 6),
                Mutation.of(
                                "a takeover that was given up goes on to claim",
                                TAKEOVER,
                                "if (!stands.getAsBoolean()) {",
                                "if (false) {")
                        .likelyAt(4),
                Mutation.of(
                                "a takeover that was given up moves the accounts",
                                TAKEOVER,
                                "stands.getAsBoolean() && checkpoints",
                                "checkpoints")
                        .likelyAt(9),
                Mutation.of(
                                "what the broker acknowledges counts for whatever run there is",
                                ACTOR,
                                "if (run.run().epoch() == published.epoch()) {",
                                "if (true) {")
                        .likelyAt(66),
                Mutation.of(
                                "what waits for room across a change of plan is forgotten",
                                "io.outrider.detection.entity.Continuation",
                                "waiting = untaken;",
                                "waiting = null;")
                        .likelyAt(Schedules.PLANNED + 10),
                Mutation.of(
                                "files of newer epochs are taken for leftovers",
                                "io.outrider.lake.checkpoint.CheckpointFiles",
                                " && entry.name().compareTo(own) < 0) {",
                                ") {")
                        .likelyAt(182));
    }

    /** Some lie beyond those that {@link PartitionSimulationTest} runs. */
    @Test
    void theSeedsThatAreTriedFirstAreGreenWithoutAMistake() {
        mutations().stream()
                .mapToLong(Mutation::seed)
                .distinct()
                .forEach(seed -> assertThat(Schedules.violation(seed))
                        .as("schedule of -Doutrider.seed=%d", seed)
                        .isNull());
    }

    @ParameterizedTest
    @MethodSource("mutations")
    @SuppressWarnings("unchecked")
    void turnsTheSimulationRed(Mutation mutation) throws Exception {
        LongFunction<String> schedules = (LongFunction<String>) new MutantLoader(mutation)
                .loadClass(Schedules.class.getName())
                .getDeclaredConstructor()
                .newInstance();
        if (schedules.apply(mutation.seed()) != null) {
            return;
        }
        long before = mutation.seed() > Schedules.PLANNED ? Schedules.PLANNED : 0;
        for (long seed = before + 1; seed <= before + SEEDS; seed++) {
            if (schedules.apply(seed) != null) {
                return;
            }
        }
        assertThat(mutation).as("goes unnoticed over %d seeds", SEEDS).isNull();
    }
}
