package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.Label;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeatureState;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.risk.RiskBook;
import io.outrider.core.risk.RiskTableCodec;
import io.outrider.lake.checkpoint.AccountStream;
import io.outrider.lake.checkpoint.Checkpoint;
import io.outrider.lake.checkpoint.ContextHistory;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Held;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Outcome;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.job.Job;
import io.outrider.training.job.JobContext;
import io.outrider.training.job.JobResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merchants' features are the live ones: of the risk table that was in force at each record. */
class RiskInForceTest {

    /** Offsets at which tables come into force in every partition: 0 is none. */
    private static final TreeMap<Long, Long> TABLE_FROM = new TreeMap<>(Map.of(0L, 0L, 20L, 1L, 45L, 2L));

    /** No change of feature plan. */
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir
    private Path folder;

    @TempDir
    private Path disk;

    private RiskWorld world;

    @BeforeEach
    void open() throws IOException {
        world = new RiskWorld(folder, disk);
    }

    @Test
    void featuresOfMerchantsAreThoseOfTheTableInForceAtEachRecord() throws IOException {
        publishTables();
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            decideLive(partition, world.log.size(partition));
        }
        world.log.write(0, 0.4, 1);
        DatasetManifest first = world.run(world.inForce(false)).orElseThrow();
        world.log.write(0.4, 1, 2);
        DatasetManifest last = world.run(world.inForce(false)).orElseThrow();
        assertThat(first.origin().risk()).isEqualTo(DatasetOrigin.IN_FORCE);
        assertThat(world.rows(last)).isEqualTo(foldedLive());
        assertThat(world.rows(last)).isNotEqualTo(folded((partition, offset) -> MerchantRisk.NONE));
        assertThat(last.gate().passed()).isTrue();
    }

    @Test
    void whatIsNotDecidedYetWaits() throws IOException {
        publishTables();
        decideLive(0, world.log.size(0));
        decideLive(1, 10);
        world.log.write(0, 0.5, 1);
        world.log.write(0.5, 1, 2);
        DatasetManifest version = world.run(world.inForce(false)).orElseThrow();
        assertThat(version.total().rows())
                .as("of partition 1 and the never claimed 2, nothing")
                .isEqualTo(world.log.size(0));
        decideLive(1, world.log.size(1));
        assertThat(world.run(world.inForce(false)).orElseThrow().total().rows())
                .isEqualTo(world.log.size(0) + world.log.size(1));
        assertThat(world.run(world.inForce(false))).isEmpty();
    }

    @Test
    void datasetsMadeWhilePartitionsChangeToAnotherPlanGoOnUnderTheirOwn() throws IOException {
        publishTables();
        decideLive(0, world.log.size(0), 30);
        decideLive(1, 25, NEVER);
        decideLive(2, world.log.size(2), NEVER);
        world.log.write(0, 0.4, 1);
        DatasetManifest meanwhile = world.run(world.inForce(false)).orElseThrow();
        Map<String, String> expected = foldedLive();
        assertThat(expected).containsAllEntriesOf(world.rows(meanwhile));
        assertThat(world.rows(meanwhile).keySet())
                .as("of the partition that has changed, of one that has not; the third's file is not decided yet")
                .contains("0/29", "0/30", "2/22")
                .doesNotContain("1/0");

        decideLive(1, world.log.size(1), 30);
        world.log.write(0.4, 1, 2);
        DatasetManifest behind = world.run(world.inForce(false)).orElseThrow();
        assertThat(world.rows(behind)).isEqualTo(expected);
        assertThat(List.of(meanwhile, behind))
                .extracting(version -> version.origin().planFingerprint())
                .containsOnly(RiskWorld.PLAN.fingerprint());
    }

    @Test
    void aTableThatIsGoneIsRefusedAndAcceptedOnlyWhereToldSo() throws IOException {
        publishTables();
        decideLive(0, world.log.size(0));
        world.tables.deleteTable(2);
        world.log.write(0, 1, 1);
        assertThatThrownBy(() -> world.run(world.inForce(false)))
                .hasMessageContaining("merchant-risk table 2, in force at record 45, is gone")
                .hasMessageContaining("--accept-missing-risk");
        DatasetManifest version = world.run(world.inForce(true)).orElseThrow();
        assertThat(version.total().staleRisk()).isEqualTo(world.log.size(0) - 45);
        assertThat(version.gate().failures().get(0))
                .contains("stale merchant risk", "(outrider.etl.gate.max-stale-risk-share)");
    }

    @Test
    void aSupervisedRunFailsAtOnceWhereATableIsGoneAndGoesOnWhereToldSo() throws Exception {
        publishTables();
        decideLive(0, world.log.size(0));
        world.tables.deleteTable(2);
        world.log.write(0, 1, 1);
        SupervisedEtl supervised = new SupervisedEtl((on, accept) -> world.job(world.inForce(accept)));

        assertThatThrownBy(() -> supervised.run(new Attempt(Map.of(), disk)))
                .isInstanceOf(Job.HopelessException.class)
                .hasMessage("merchant-risk table 2, in force at record 45, is gone; an ETL run with"
                        + " accept-missing-risk=true goes on with an older table, and fails the quality gate unless"
                        + " outrider.etl.gate.max-stale-risk-share is raised");
        assertThatThrownBy(() -> supervised.check(Map.of("accept-missing-risk", "yes")))
                .isInstanceOf(Job.RefusedException.class)
                .hasMessage("accept-missing-risk must be true or false");
        assertThatThrownBy(() -> supervised.check(Map.of("accept-gaps", "true")))
                .hasMessage("ETL takes the parameter accept-missing-risk alone");

        Map<String, String> parameters = Map.of("accept-missing-risk", "true");
        supervised.check(parameters);
        JobResult result = supervised.run(new Attempt(parameters, disk));
        assertThat(result.results()).containsEntry("version", "1").containsEntry("gate", "failed");
        assertThat(supervised.run(new Attempt(Map.of(), disk)).nothingNew()).isTrue();
    }

    /** An attempt that nobody follows. */
    private record Attempt(Map<String, String> parameters, Path disk) implements JobContext {

        @Override
        public String runId() {
            return "etl-1";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public Instant requestedAt() {
            return RiskWorld.CLOCK.instant();
        }

        @Override
        public void progress(double fraction, String message, Map<String, Long> counters) {
            assertThat(fraction).isBetween(0.0, 1.0);
        }

        @Override
        public void checkStopped() {}

        @Override
        public boolean goesOnElsewhere() {
            return false;
        }
    }

    @Test
    void recordsBeforeTheHistoryAreRefused() throws IOException {
        publishTables();
        PartitionCheckpoints checkpoints = new PartitionCheckpoints(world.lake, "transactions", 0);
        checkpoints.claim(claim(0, 5));
        world.log.write(0, 0, 5, 1);
        assertThatThrownBy(() -> world.run(world.inForce(false)))
                .hasMessageContaining("record 0 lies before the history");
        assertThat(world.run(world.inForce(true)).orElseThrow().total().staleRisk())
                .isEqualTo(5);
    }

    /** Two tables, each with more frauds. */
    private void publishTables() throws IOException {
        RiskBook book = new RiskBook(RiskWorld.WEEK, 1_000);
        for (int version = 1; version <= 2; version++) {
            for (int i = 0; i < 40; i++) {
                book.take(new Label(
                        "x" + version + "-" + i,
                        "konto-ü-" + i,
                        "shop \"" + i % 30 + "\"",
                        RawLog.START - 1_000,
                        i % 3 == version % 3,
                        "me",
                        1,
                        RawLog.START));
            }
            world.tables.publish(RiskTableCodec.encode(book.table()), world.tables.current());
        }
    }

    private static Claim claim(int partition, long startOffset) {
        return new Claim(
                "a", "transactions", RawLog.GENERATION, partition, startOffset, 1_000, "plan", new ContextRef("m", 0));
    }

    /** The partition's checkpoints up to an offset, with the contexts of {@link #TABLE_FROM}. */
    private void decideLive(int partition, long until) throws IOException {
        decideLive(partition, until, NEVER);
    }

    /** The same, with states and models of another feature plan from an offset on. */
    private void decideLive(int partition, long until, long planChange) throws IOException {
        PartitionCheckpoints checkpoints = new PartitionCheckpoints(world.lake, "transactions", partition);
        Held held = checkpoints.claim(claim(partition, 0));
        List<Long> barriers =
                new ArrayList<>(TABLE_FROM.tailMap(1L).headMap(until).keySet());
        barriers.add(until);
        if (planChange < until) {
            barriers.add(planChange);
        }
        Collections.sort(barriers);
        for (long offset : barriers) {
            if (offset > held.manifest().nextOffset()) {
                ContextRef context = new ContextRef(offset < planChange ? "m" : "of another plan", tableAt(offset));
                Checkpoint checkpoint = new Checkpoint(
                        held.manifest().barrier() + 1, offset, context, true, AccountStream.of(List.of()));
                Outcome outcome = offset == planChange
                        ? checkpoints.changePlan(held, checkpoint, "another plan")
                        : checkpoints.advance(held, checkpoint);
                held = ((Outcome.Written) outcome).held();
            }
        }
        assertThat(ContextHistory.read(world.lake, "transactions", partition, 0)
                        .orElseThrow()
                        .settledBelow())
                .isEqualTo(until);
    }

    private static long tableAt(long offset) {
        return TABLE_FROM.floorEntry(offset).getValue();
    }

    /** What is known at a record. */
    private interface RiskAt {
        MerchantRisk of(int partition, int offset) throws IOException;
    }

    private Map<String, String> foldedLive() throws IOException {
        return folded(
                (partition, offset) -> tableAt(offset) == 0 ? MerchantRisk.NONE : world.tables.table(tableAt(offset)));
    }

    private Map<String, String> folded(RiskAt risk) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Map<String, FeatureState> states = new HashMap<>();
        double[] vector = new double[RiskWorld.PLAN.size()];
        for (int partition = 0; partition < RawLog.PARTITIONS; partition++) {
            for (int offset = 0; offset < world.log.size(partition); offset++) {
                Transaction event = world.event(partition, offset);
                RiskWorld.PLAN.apply(RiskWorld.state(states, event), event, risk.of(partition, offset), vector);
                rows.put(partition + "/" + offset, Arrays.toString(vector));
            }
        }
        return rows;
    }
}
