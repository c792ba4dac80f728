package io.outrider.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.account.AccountView;
import io.outrider.core.alert.Alert;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.ModelSource;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.detection.protocol.RunLostException;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detection on one node: real sharding, real checkpoints in a folder; only the log and the broker are stand-ins. */
class DetectionTest {

    private static Models models;
    private static ContextRef first;

    @TempDir
    Path folder;

    private final FakeLog log = new FakeLog(7);
    private final RecordingOutlet outlet = new RecordingOutlet();

    @BeforeAll
    static void train() {
        models = Models.trained();
        first = new ContextRef(models.versions().get(0), 0);
    }

    private TestNode node(ContextRef context) throws IOException {
        return new TestNode(log, new FolderBlobStore(folder), models, context, outlet);
    }

    @Test
    void accountsEqualAPlainFoldAfterACrashAndAfterACleanStop() throws IOException {
        log.append(2_000);
        try (TestNode node = node(first)) {
            node.streamAll();
            await().atMost(TestNode.patience()).until(() -> node.metrics.checkpoints.sum() > 2);
            outlet.hold(); // from here on nothing becomes durable, so the crash loses work
            Map<Integer, Long> before = log.ends();
            log.append(1_000);
            node.stream(before);
            await().atMost(TestNode.patience()).until(() -> node.metrics.events.sum() > 2_050);
        }
        outlet.letGo();
        try (TestNode node = node(first)) {
            node.streamAll();
            TestNode.await(node.detection.drain());
        }
        Map<Integer, Long> ends = log.ends();
        log.append(500);
        try (TestNode node = node(first)) {
            Map<Integer, Long> offsets = node.claim();
            assertThat(offsets).as("a clean stop leaves nothing to replay").isEqualTo(ends);
            node.stream(offsets).forEach(TestNode::await);
            TestNode.await(node.detection.drain());
            node.claim();
            assertThat(hashes(node)).isEqualTo(expectedHashes());
        }
        assertThat(outlet.alerts).isNotEmpty();
        assertThat(outlet.alerts.values())
                .allSatisfy(same -> assertThat(verdicts(same)).hasSize(1));
        assertThat(outlet.scored)
                .hasSize(log.events(0).size() + log.events(1).size())
                .allSatisfy((id, same) -> assertThat(same)
                        .singleElement()
                        .satisfies(scored -> assertThat(scored.get("alert").booleanValue())
                                .isEqualTo(outlet.alerts.containsKey(id))));
        assertThat(outlet.deadLetters)
                .hasSize(log.deadLetters(0).size() + log.deadLetters(1).size());
    }

    @Test
    void aNodeThatCouldNotReadItsModelAtFirstDecidesOnceItCan() throws IOException {
        log.append(200);
        AtomicInteger tries = new AtomicInteger();
        ModelSource away = version -> {
            if (tries.getAndIncrement() == 0) {
                throw new IOException("the lake is away");
            }
            return models.load(version);
        };
        try (TestNode node = new TestNode(log, new FolderBlobStore(folder), away, first, outlet, 1)) {
            node.streamAll();
            TestNode.await(node.detection.drain());
            node.claim();
            assertThat(hashes(node)).isEqualTo(expectedHashes());
        }
    }

    @Test
    void idleAccountsLeaveMemoryAndComeBackAsTheyWere() throws IOException {
        try (TestNode node = node(first)) {
            Map<Integer, Long> next = node.claim();
            for (int round = 0; round < 3; round++) {
                log.append(400);
                node.stream(next).forEach(TestNode::await);
                next = log.ends();
                assertThat(node.accountsInMemory()).isGreaterThan(50);
                // Barriers go on while one account keeps coming; the others are idle.
                await().atMost(TestNode.patience())
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> {
                            Map<Integer, Long> at = log.ends();
                            log.appendFor("account-0").appendFor("account-1");
                            node.stream(at).forEach(TestNode::await);
                            return node.accountsInMemory() <= 2;
                        });
                next = log.ends();
            }
            TestNode.await(node.detection.drain());
            node.claim();
            assertThat(hashes(node)).isEqualTo(expectedHashes());
        }
    }

    @Test
    void nothingIsDurableBeforeItsAlertsAreAcknowledged() throws IOException {
        log.append(1_000);
        outlet.hold();
        try (TestNode node = node(first)) {
            node.stream(node.claim());
            await().atMost(TestNode.patience())
                    .until(() -> outlet.firstHeld(0) < Long.MAX_VALUE && outlet.firstHeld(1) < Long.MAX_VALUE);
            Map<Integer, Long> firstHeld = Map.of(0, outlet.firstHeld(0), 1, outlet.firstHeld(1));
            await().during(Duration.ofMillis(500))
                    .until(() -> firstHeld.entrySet().stream()
                            .allMatch(held -> node.detection.committedOffsets().getOrDefault(held.getKey(), 0L)
                                    <= held.getValue()));
            outlet.letGo();
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.committedOffsets().equals(log.ends()));
        }
    }

    @Test
    void aStreamOfAnEarlierRunIsRefused() throws IOException {
        log.append(100);
        try (TestNode node = node(first)) {
            node.claim();
            var stale = node.detection.sink(0);
            Map<Integer, Long> offsets = node.claim();
            var stream = org.apache.pekko.stream.javadsl.Source.from(log.groups(0, 0, 10))
                    .runWith(stale, node.system);
            assertThatThrownBy(() -> TestNode.await(stream)).hasCauseInstanceOf(RunLostException.class);
            var idle =
                    org.apache.pekko.stream.javadsl.Source.<EventGroup>maybe().runWith(stale, node.system);
            assertThatThrownBy(() -> TestNode.await(idle)).hasCauseInstanceOf(RunLostException.class);
            node.stream(offsets).forEach(TestNode::await);
        }
    }

    @Test
    void theStreamOfAPartitionThatIsReleasedEndsWithoutAFailure() throws IOException {
        log.append(4_000);
        outlet.hold(); // so that the streams come to wait for room
        try (TestNode node = node(first)) {
            List<CompletableFuture<Done>> streams = node.stream(node.claim());
            node.detection.release(Set.of(0, 1));
            streams.forEach(TestNode::await);
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.status().snapshot().partitions().isEmpty());
            node.stream(Map.of(0, 0L)).forEach(TestNode::await);
        }
    }

    @Test
    void whyAPartitionCannotBeClaimedIsToldUntilItIs() throws IOException {
        try (TestNode node = node(first)) {
            node.claim();
            TestNode.await(node.detection.drain());
            Path manifest = folder.resolve("checkpoints/transactions/1/manifest.json");
            byte[] content = Files.readAllBytes(manifest);
            Files.writeString(manifest, "damaged");
            TestNode.await(node.detection.claim(Set.of(0)));
            for (int i = 0; i < 2; i++) {
                var refused = node.detection.claim(Set.of(1));
                assertThatThrownBy(() -> TestNode.await(refused)).hasMessageContaining("is no checkpoint manifest");
                assertThat(node.detection.status().snapshot().reasons())
                        .singleElement()
                        .asString()
                        .startsWith("partition 1: ")
                        .contains("is no checkpoint manifest");
                assertThat(node.detection.status().snapshot().partitions()).containsExactly(0);
            }
            Files.write(manifest, content);
            TestNode.await(node.detection.claim(Set.of(1)));
            assertThat(node.detection.status().snapshot().ready()).isTrue();
        }
    }

    @Test
    void aPartitionKeepsItsLeaseAndTakesCheckpointsWhileAnotherIsBeingLoaded() throws IOException {
        log.append(200);
        try (TestNode node = node(first)) {
            node.streamAll();
            TestNode.await(node.detection.drain());
        }
        DisturbedLake lake = new DisturbedLake(
                new FolderBlobStore(folder),
                name -> name.startsWith("checkpoints/transactions/1/") && name.endsWith(".avro"));
        try (TestNode node = new TestNode(log, lake, models, first, outlet)) {
            Map<Integer, Long> offsets = TestNode.await(node.detection.claim(Set.of(0)));
            var other = node.detection.claim(Set.of(1)).toCompletableFuture();
            await().atMost(TestNode.patience()).until(lake::isAsked);
            await().during(Duration.ofSeconds(2))
                    .until(() -> node.detection.status().snapshot().reasons().stream()
                            .noneMatch(reason -> reason.startsWith("partition 0")));
            log.append(200);
            node.stream(offsets).forEach(TestNode::await);
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.committedOffsets().getOrDefault(0, 0L) == log.endOffset(0));
            assertThat(other).isNotDone();
            lake.letGo();
            TestNode.await(other);
        }
    }

    @Test
    void aFullLakeIsToldAndNothingIsLostUntilThereIsRoomAgain() throws IOException {
        DisturbedLake lake = new DisturbedLake(new FolderBlobStore(folder));
        log.append(200);
        try (TestNode node = new TestNode(log, lake, models, first, outlet)) {
            node.streamAll();
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.status().snapshot().ready());
            Map<Integer, Long> before = log.ends();
            lake.refusal = new FileSystemException("/lake/x", null, "No space left on device");
            log.append(200);
            node.stream(before).forEach(TestNode::await);
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.status().snapshot().reasons().stream()
                            .anyMatch(
                                    reason -> reason.endsWith("cannot be written: /lake/x: No space left on device")));
            await().atMost(TestNode.patience())
                    .until(() -> node.metrics.events.sum()
                            == log.events(0).size() + log.events(1).size());

            lake.refusal = null;
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.status().snapshot().ready());
            TestNode.await(node.detection.drain());
            assertThat(node.claim()).isEqualTo(log.ends());
            assertThat(node.metrics.lostRuns.sum()).isZero();
            assertThat(hashes(node)).isEqualTo(expectedHashes());
        }
    }

    @Test
    void aLakeThatMayNotBeWrittenIsToldAndClaimedOnceItMay() throws IOException {
        DisturbedLake lake = new DisturbedLake(new FolderBlobStore(folder));
        log.append(200);
        lake.refusal = new AccessDeniedException("/lake/x");
        try (TestNode node = new TestNode(log, lake, models, first, outlet)) {
            assertThatThrownBy(node::claim).hasMessageContaining("/lake/x: permission denied");
            assertThat(node.detection.status().snapshot().ready()).isFalse();
            assertThat(node.detection.status().snapshot().reasons())
                    .anyMatch(reason -> reason.endsWith("/lake/x: permission denied"));

            lake.refusal = null;
            node.streamAll();
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.status().snapshot().ready());
            TestNode.await(node.detection.drain());
            node.claim();
            assertThat(hashes(node)).isEqualTo(expectedHashes());
        }
    }

    @Test
    void aClockThatIsSetForwardAndBackChangesNothing() throws IOException {
        try (TestNode node = node(first)) {
            Map<Integer, Long> next = node.claim();
            for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-2), Duration.ofHours(1))) {
                log.append(200);
                node.stream(next).forEach(TestNode::await);
                next = log.ends();
                node.clock.jump(jump);
                await().during(Duration.ofMillis(1_200)) // longer than the lease
                        .atMost(TestNode.patience())
                        .until(() -> node.detection.status().snapshot().ready());
            }
            TestNode.await(node.detection.drain());
            assertThat(node.claim()).isEqualTo(next);
            assertThat(node.metrics.lostRuns.sum()).isZero();
            assertThat(hashes(node)).isEqualTo(expectedHashes());
        }
    }

    @Test
    void aRecreatedTopicIsRefusedAndSaidSo() throws IOException {
        log.append(200);
        try (TestNode node = node(first)) {
            node.streamAll();
            TestNode.await(node.detection.drain());
        }
        log.generation = "generation-2";
        try (TestNode node = node(first)) {
            assertThatThrownBy(node::claim).hasMessageContaining("was recreated");
            assertThat(node.detection.status().snapshot().ready()).isFalse();
            assertThat(node.detection.status().snapshot().reasons())
                    .anySatisfy(reason -> assertThat(reason).contains("was recreated"));
        }
    }

    @Test
    void recordsThatLeftTheLogUndecidedAreCountedUntilTheLogContinuesTheCheckpoint() throws IOException {
        log.append(200);
        try (TestNode node = node(first)) {
            node.streamAll();
            TestNode.await(node.detection.drain());
            assertThat(node.metrics.undecided()).isEqualTo(Map.of(0, 0L, 1, 0L));
        }
        long decided = log.endOffset(0);
        log.append(100);
        log.starts.put(0, decided + 5);
        try (TestNode node = node(first)) {
            assertThatThrownBy(node::claim).hasMessageContaining("has lost records");
            await().atMost(TestNode.patience())
                    .until(() -> Long.valueOf(5).equals(node.metrics.undecided().get(0)));

            log.starts.clear();
            node.streamAll();
            assertThat(node.metrics.undecided()).isEqualTo(Map.of(0, 0L, 1, 0L));
        }
    }

    @Test
    void accountsAreListedInOrderAndWhatIfChangesNothing() throws IOException {
        log.append(1_000);
        try (TestNode node = node(first)) {
            node.streamAll();
            await().atMost(TestNode.patience())
                    .until(() -> node.metrics.events.sum()
                            == log.events(0).size() + log.events(1).size());
            List<String> all = TestNode.await(node.detection.accounts().accounts(null, 1_000)).stream()
                    .map(AccountView::account)
                    .toList();
            assertThat(all).isSorted().hasSizeGreaterThan(100);
            List<String> page = TestNode.await(node.detection.accounts().accounts(all.get(9), 5)).stream()
                    .map(AccountView::account)
                    .toList();
            assertThat(page).isEqualTo(all.subList(10, 15));
            assertThat(TestNode.await(node.detection.accounts().account("nobody")))
                    .isEmpty();
            var before = TestNode.await(node.detection.accounts().account(all.get(0)));
            var transaction =
                    new Transaction("x", all.get(0), 90_000, 1_800_000_000_000L, null, null, null, null, null);
            assertThat(TestNode.await(node.detection.whatIf().assess(transaction))
                            .anomalous())
                    .isTrue();
            assertThat(TestNode.await(node.detection.accounts().account(all.get(0))))
                    .isEqualTo(before);
        }
    }

    private static Set<String> verdicts(Set<Alert> same) {
        Set<String> verdicts = new HashSet<>();
        same.forEach(alert -> verdicts.add(
                alert.score() + " " + alert.modelVersion() + " " + alert.severity() + " " + alert.episodeId()));
        return verdicts;
    }

    private static Map<String, String> hashes(TestNode node) {
        Map<String, String> hashes = new TreeMap<>();
        TestNode.await(node.detection.accounts().accounts(null, 100_000))
                .forEach(view -> hashes.put(view.account(), view.stateHash()));
        return hashes;
    }

    /** The feature states by a loop over the log that shares nothing with detection but the feature plan. */
    private Map<String, String> expectedHashes() {
        AccountStateCodec codec = new AccountStateCodec(Models.PLAN);
        Map<String, io.outrider.core.account.AccountState> states = new HashMap<>();
        double[] vector = new double[Models.PLAN.size()];
        for (int partition = 0; partition < FakeLog.PARTITIONS; partition++) {
            for (LoggedEvent event : log.events(partition)) {
                var state = states.computeIfAbsent(event.transaction().account(), account -> codec.fresh());
                Models.PLAN.apply(state.features(), event.transaction(), MerchantRisk.NONE, vector);
            }
        }
        Map<String, String> hashes = new TreeMap<>();
        states.forEach((account, state) -> hashes.put(account, codec.featureStateHash(state)));
        return hashes;
    }
}
