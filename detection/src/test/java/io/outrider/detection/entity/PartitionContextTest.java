package io.outrider.detection.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.detection.Models;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;

/** Under which context and feature plan a partition decides, and how that changes. */
class PartitionContextTest extends PartitionFixture {

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
        TestProbe<StatusReply<Done>> release = kit.createTestProbe();
        partition.tell(new PartitionEntity.Release(release.getRef()));
        lakeFails.set(false);
        assertThat(release.receiveMessage(Duration.ofSeconds(10)).isSuccess()).isTrue();
        CheckpointManifest last =
                new RiskFiles(lake, "transactions").manifest(0).orElseThrow();
        assertThat(last.nextOffset()).isEqualTo(end);
        assertThat(last.planFingerprint()).isEqualTo(Models.PLAN.fingerprint());
    }
}
