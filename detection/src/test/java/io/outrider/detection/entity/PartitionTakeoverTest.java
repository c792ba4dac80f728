package io.outrider.detection.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.port.UnavailableException;
import io.outrider.detection.Models;
import io.outrider.detection.protocol.AccountMessage;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.lake.checkpoint.PartitionCheckpoints;
import io.outrider.lake.checkpoint.PartitionCheckpoints.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;

/** How a partition is claimed, taken over and let go. */
class PartitionTakeoverTest extends PartitionFixture {

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
    void aReleaseLetsAStreamThatWaitsForRoomEndAndTakesNothingMoreOfIt() {
        claim();
        long epoch = epoch();
        offer(epoch, 0, 10).join();
        await().until(() -> status().durableOffset() == 10);
        lakeFails.set(true);
        await().until(() -> String.valueOf(status().problem()).startsWith("takes no events"));
        CompletableFuture<Done> waiting = offer(epoch, 10, 20);
        TestProbe<StatusReply<Done>> release = kit.createTestProbe();
        partition.tell(new PartitionEntity.Release(release.getRef()));
        CompletableFuture<RunLostException> aborted = stream(epoch);
        waiting.join();
        offer(epoch, 20, 30).join();
        lakeFails.set(false);
        assertThat(release.receiveMessage().isSuccess()).isTrue();
        offer(epoch, 30, 40).join();
        assertThat(aborted).isNotDone();
        assertThat(claim()).isEqualTo(10);
        offer(epoch, 40, 50).join();
        assertThat(metrics.events.sum()).isEqualTo(10);
        offer(epoch(), 10, 20).join();
        await().until(() -> status().durableOffset() == 20);
    }

    @Test
    void aTakeoverThatIsReleasedWhileItsAccountsComeLoadsNothingAndCallsThemNoMore() {
        CompletableFuture<Done> arrival = new CompletableFuture<>();
        route.arrival = arrival;
        TestProbe<StatusReply<Long>> claim = kit.createTestProbe();
        partition.tell(new PartitionEntity.Claim(CONTEXT, claim.getRef()));
        await().until(() -> stands());
        TestProbe<StatusReply<Done>> release = kit.createTestProbe();
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
        TestProbe<StatusReply<Long>> first = kit.createTestProbe();
        partition.tell(new PartitionEntity.Claim(CONTEXT, first.getRef()));
        await().until(() -> waiting.size() == 1);
        partition.tell(new PartitionEntity.Release(ignored()));
        TestProbe<StatusReply<Long>> second = kit.createTestProbe();
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

    @Test
    void aStoppedPartitionRetiresItsAccountsAndLeavesNobodyWaiting() {
        claim();
        offer(epoch(), 0, 10).join();
        List<AccountMessage> unanswered = new CopyOnWriteArrayList<>();
        route.loses = message -> unanswered.add(message);
        offer(epoch(), 10, 20).join();
        TestProbe<StatusReply<Done>> release = kit.createTestProbe();
        long epoch = epoch();
        partition.tell(new PartitionEntity.Release(release.getRef()));
        CompletableFuture<Done> behind = offer(epoch, 20, 21); // stopping overtakes what still lies in the mailbox
        behind.join();
        kit.stop(partition);
        assertThat(release.receiveMessage().getError()).isInstanceOf(UnavailableException.class);
        assertThat(unanswered).hasAtLeastOneElementOfType(AccountMessage.Retire.class);
        assertThat(board.of(0)).isNull();
    }

    private boolean stands() {
        return route.stands.get().toCompletableFuture().join();
    }
}
