package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

/** Partitions that are claimed, lost, moved and handed over. */
class PartitionClaimsTest extends SourceFixture {

    @Test
    void aLostRunIsClaimedAgainAndStreamsOnFromTheDurableOffsetWhileTheOthersStream() throws Exception {
        submit(0, 500);
        owner.failAfter(3);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 500);
        submit(500, 600);
        await().atMost(PATIENCE).until(() -> owner.events() == 600);
        assertThat(source.failure()).isEmpty();
        assertThat(owner.claims).as("one of them again").hasSize(topic.partitions() + 1);
        assertThat(owner.releases).isEmpty();
        drain(source);

        for (int p = 0; p < topic.partitions(); p++) {
            assertThat(offsets(p)).isEqualTo(upTo(topics.endOffset(topic.name(), p)));
        }
        assertThat(released()).isEqualTo(Set.of(0, 1, 2, 3));
    }

    @Test
    void aPartitionWhoseStreamsFailAtOnceIsClaimedAfterLongerAndLongerPauses() throws Exception {
        kafka = settings(Map.of("outrider.kafka.consumer.restart-min", "20 ms"));
        submit(0, 100);
        owner.failing.add(1);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> Collections.frequency(owner.claims, Set.of(1)) >= 7);
        List<Long> claimed = Objects.requireNonNull(owner.claimedAt.get(1));
        assertThat(Duration.ofNanos(claimed.get(5) - claimed.get(4))).isGreaterThanOrEqualTo(Duration.ofMillis(320));
        owner.failing.clear();
        await().atMost(PATIENCE).until(() -> owner.events() == 100);
        drain(source);
    }

    @Test
    void aPartitionIsClaimedAgainOnlyWhereItIsStillAssignedByTheGroupsWord() {
        kafka = settings(Map.of("outrider.kafka.consumer.restart-min", "10 ms"));
        AtomicInteger asked = new AtomicInteger();
        AssignedPartition partition = new AssignedPartition(
                testKit.system(),
                1,
                owner,
                kafka.consumer(),
                () -> asked.incrementAndGet() < 3
                        ? CompletableFuture.failedFuture(new IllegalStateException("no member any more"))
                        : CompletableFuture.completedFuture(Done.getInstance()));
        owner.refused.add(1);
        owner.durable.put(1, 5L);
        partition.claim();
        owner.refused.clear();
        assertThat(partition.claimed().toCompletableFuture())
                .succeedsWithin(PATIENCE)
                .isEqualTo(Optional.of(5L));
        assertThat(asked).hasValue(3);
        assertThat(owner.claims).hasSize(2);
    }

    @Test
    void aRunThatIsLostUnderBacklogIsReadAgainFromWhereItIsClaimed() throws Exception {
        owner.hold();
        submit(0, 400);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.groups().size() == topic.partitions());
        submit(400, 4_000);
        int taken = offsets(2).size();
        owner.lose(2, 1);
        List<Long> all = upTo(topics.endOffset(topic.name(), 2));
        owner.letGo();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(offsets(2)).hasSize(taken + all.size() - 1));
        assertThat(offsets(2).subList(taken, taken + all.size() - 1)).isEqualTo(all.subList(1, all.size()));
        for (int p : List.of(0, 1, 3)) {
            List<Long> others = upTo(topics.endOffset(topic.name(), p));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(offsets(p)).isEqualTo(others));
        }
        drain(source);
    }

    @Test
    void aPartitionThatCannotBeClaimedIsClaimedAgainWhileTheOthersStream() throws Exception {
        submit(0, 400);
        owner.refused.add(1);
        owner.durable.put(1, 5L);
        TransactionSource source = start();
        for (int p : List.of(0, 2, 3)) {
            List<Long> all = upTo(topics.endOffset(topic.name(), p));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(offsets(p)).isEqualTo(all));
        }
        await().atMost(PATIENCE).until(() -> Collections.frequency(owner.claims, Set.of(1)) >= 3);
        assertThat(offsets(1)).isEmpty();
        assertThat(source.failure()).isEmpty();
        assertThat(owner.claims).as("claims of all").hasSize(3 + Collections.frequency(owner.claims, Set.of(1)));
        assertThat(owner.releases).isEmpty();

        owner.refused.clear();
        List<Long> behind = upTo(topics.endOffset(topic.name(), 1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(offsets(1)).isEqualTo(behind.subList(5, behind.size())));
        drain(source);
    }

    @Test
    void aNodeStopsWhileAPartitionCannotBeClaimed() throws Exception {
        submit(0, 100);
        owner.refused.add(1);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> Collections.frequency(owner.claims, Set.of(1)) >= 2);
        drain(source);
        assertThat(released()).contains(1);
    }

    @Test
    void aPartitionThatMovesUnderBacklogAndComesBackLeavesTheOthersAlone() throws Exception {
        owner.hold();
        submit(0, 400);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.groups().size() == topic.partitions());
        FakeOwner another = new FakeOwner(owner.durable);
        TransactionSource second = new TransactionSource(
                testKit.system(), settings(Map.of("outrider.kafka.group-instance-id", "")), topic, READING, another);
        second.start();
        await().atMost(PATIENCE).until(() -> !another.claims.isEmpty() && !owner.releases.isEmpty());
        owner.letGo();
        submit(400, 800);
        await().atMost(PATIENCE).until(() -> owner.events() + another.events() == 800);
        Set<Integer> moved = released();
        drain(second);
        submit(800, 1_200);
        await().atMost(PATIENCE).until(() -> owner.events() + another.events() == 1_200);
        drain(source);

        assertThat(moved).hasSize(topic.partitions() / 2);
        List<Set<Integer>> back = owner.claims.subList(topic.partitions(), owner.claims.size());
        assertThat(back).as("claimed again").hasSameSizeAs(moved).allMatch(moved::containsAll);
    }

    @Test
    void aStreamThatFailsTellsTheRootCause() throws Exception {
        kafka = settings(Map.of("outrider.kafka.consumer.restart-min", "1 s"));
        submit(0, 100);
        owner.failAfter(0);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> source.failure().isPresent());
        assertThat(source.failure())
                .hasValueSatisfying(reason -> assertThat(reason).matches("partition \\d: No space left on device"));
        await().atMost(PATIENCE).until(() -> owner.events() == 100);
        assertThat(source.failure()).isEmpty();
        drain(source);
    }

    @Test
    void aStoppingNodeKeepsItsPartitionsUntilTheirOwnerIsDone() throws Exception {
        submit(0, 20);
        TransactionSource source = start();
        await().atMost(PATIENCE).until(() -> owner.events() == 20);
        CompletableFuture<Done> checkpoints = new CompletableFuture<>();
        owner.finishing = checkpoints;

        CompletableFuture<Done> drained = source.drain().toCompletableFuture();

        await().atMost(PATIENCE).until(() -> owner.finished.size() == topic.partitions());
        assertThat(drained).isNotDone();
        checkpoints.complete(Done.getInstance());
        assertThat(drained).succeedsWithin(PATIENCE);
    }

    @Test
    void aNodeThatIsStoppedWhileItsPartitionsBeginLeaves() throws Exception {
        submit(0, 100);
        CompletableFuture<TransactionSource> started = new CompletableFuture<>();
        CompletableFuture<CompletionStage<Done>> draining = new CompletableFuture<>();
        owner.onSink = () -> {
            owner.onSink = () -> {};
            draining.complete(started.join().drain());
        };
        started.complete(start());
        CompletableFuture<Done> drained = draining.thenCompose(stage -> stage);
        assertThat(drained).succeedsWithin(PATIENCE);
        assertThat(owner.finished).isNotEmpty();
    }

    @Test
    void aPartitionThatComesWhileTheNodeStopsIsNotBegun() {
        AssignedPartitions partitions = new AssignedPartitions(number ->
                new AssignedPartition(testKit.system(), number, owner, kafka.consumer(), CompletableFuture::new));
        partitions.giveUp();
        AssignedPartition offered = partitions.offered(0);
        partitions.assign(Set.of(0, 1));
        partitions.offered(0);
        assertThat(offered.claimed().toCompletableFuture()).isCompletedWithValue(Optional.empty());
        assertThat(partitions.offered(1).claimed().toCompletableFuture()).isCompletedWithValue(Optional.empty());
        assertThat(owner.claims).isEmpty();
    }
}
