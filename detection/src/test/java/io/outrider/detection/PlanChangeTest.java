package io.outrider.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.rollout.Requested;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.checkpoint.ContextHistory;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose champion becomes a model of another feature plan: real sharding, real checkpoints in a folder. */
class PlanChangeTest {

    private static Models models;
    private static ContextRef first;

    /** Of another feature plan. */
    private static ContextRef other;

    @TempDir
    Path folder;

    private final FakeLog log = new FakeLog(7);
    private final RecordingOutlet outlet = new RecordingOutlet();

    @BeforeAll
    static void train() {
        models = Models.trainedForBothPlans();
        first = new ContextRef(models.versions().get(0), 0);
        other = new ContextRef(models.versions().get(2), 0);
    }

    private TestNode node(ContextRef context) throws IOException {
        return new TestNode(log, new FolderBlobStore(folder), models, context, outlet);
    }

    @Test
    void aModelOfAnotherPlanDecidesOnStatesThatWereBuiltFromTheLogAndTheWayBackDoesTheSame() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        StageFile stages = stages(lake);
        PlanFiles.save(lake, Models.OTHER_PLAN);
        log.append(1_000);
        Requested asked = new Requested("ann", Instant.EPOCH, "a test");
        Map<Integer, Long> promoted;
        log.pastFails = partition -> partition == 1;
        try (TestNode node = node(first)) {
            node.streamAll();
            stages.change(at -> at.promote(other.modelVersion(), true, asked));
            promoted = log.ends();
            log.append(700);
            node.stream(promoted).forEach(TestNode::await);
            await().atMost(TestNode.patience()).until(() -> planOf(lake, 0).equals(Models.OTHER_PLAN.fingerprint()));
            // While a partition decides under it still.
            await().atMost(TestNode.patience()).until(() -> first.modelVersion().equals(model(node)));
            log.pastFails = partition -> false;
            await().atMost(TestNode.patience()).until(() -> isInForce(node, stages));
            awaitStates(node, Models.OTHER_PLAN);
            await().atMost(TestNode.patience()).until(() -> other.modelVersion().equals(model(node)));
            Map<Integer, Long> ends = log.ends();
            log.append(500);
            node.stream(ends).forEach(TestNode::await);
        }
        assertThat(planOf(lake, 0)).isEqualTo(Models.OTHER_PLAN.fingerprint());
        try (TestNode node = node(first)) { // whose own plan is the other one still
            node.streamAll();
            TestNode.await(node.detection.drain());
            node.claim();
            awaitStates(node, Models.OTHER_PLAN);
            stages.change(at -> at.rollback(asked));
            await().atMost(TestNode.patience()).until(() -> isInForce(node, stages));
            awaitStates(node, Models.PLAN);
            TestNode.await(node.detection.drain());
        }
        assertThat(planOf(lake, 0)).isEqualTo(Models.PLAN.fingerprint());
        assertEachDecidedOnceUnderOnePlanBehindAnother(promoted);
        assertHistoriesTellWhatDecided(lake);
    }

    @Test
    void aNodeThatDiesWhileItBuildsAnotherPlansStatesLeavesThePartitionUnderItsOwn() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        StageFile stages = stages(lake);
        PlanFiles.save(lake, Models.OTHER_PLAN);
        log.append(1_000);
        Requested asked = new Requested("ann", Instant.EPOCH, "a test");
        log.pastFails = partition -> true;
        try (TestNode node = node(first)) {
            node.streamAll();
            stages.change(at -> at.promote(other.modelVersion(), true, asked));
            await().atMost(TestNode.patience()).until(() -> log.pastReads.get() > 1);
            Map<Integer, Long> ends = log.ends();
            log.append(300);
            node.stream(ends).forEach(TestNode::await);
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.committedOffsets().equals(log.ends()));
            awaitStates(node, Models.PLAN);
        }
        assertThat(planOf(lake, 0)).isEqualTo(Models.PLAN.fingerprint());
        log.pastFails = partition -> false;
        try (TestNode node = node(first)) {
            node.streamAll();
            await().atMost(TestNode.patience()).until(() -> isInForce(node, stages));
            awaitStates(node, Models.OTHER_PLAN);
        }
        assertEachDecidedOnceUnderOnePlanBehindAnother(Map.of());
    }

    @Test
    void aPlanThatNeitherTheProgramNorTheLakeHasIsNotTakenUp() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        StageFile stages = stages(lake);
        log.append(300);
        try (TestNode node = node(first)) {
            node.streamAll();
            stages.change(at -> at.promote(other.modelVersion(), true, new Requested("ann", Instant.EPOCH, "a test")));
            await().during(Duration.ofMillis(1_500))
                    .until(() -> first.modelVersion().equals(model(node)));
            awaitStates(node, Models.PLAN);
        }
    }

    /** Which a node tells that it decides under. */
    private static @Nullable String model(TestNode node) {
        return node.detection.status().snapshot().modelVersion();
    }

    private StageFile stages(FolderBlobStore lake) throws IOException {
        StageFile stages = new StageFile(lake, Models.PLAN.name());
        ModelFiles registry = new ModelFiles(lake, Models.PLAN.name());
        registry.save(models.load(first.modelVersion()));
        stages.readOrBegin(registry, Clock.systemUTC());
        return stages;
    }

    private String planOf(FolderBlobStore lake, int partition) throws IOException {
        return new RiskFiles(lake, log.topic())
                .manifest(partition)
                .orElseThrow()
                .planFingerprint();
    }

    /** @param from offsets before which nothing can have been decided under the other plan */
    private void assertEachDecidedOnceUnderOnePlanBehindAnother(Map<Integer, Long> from) {
        assertThat(outlet.scored)
                .hasSize(log.events(0).size() + log.events(1).size())
                .allSatisfy((id, same) -> assertThat(same).hasSize(1));
        Map<Integer, TreeMap<Long, String>> plans = new TreeMap<>();
        outlet.scored
                .values()
                .forEach(same -> same.forEach(scored -> {
                    var receipt = scored.get("receipt");
                    var position = receipt.get("position");
                    plans.computeIfAbsent(position.get("partition").asInt(), any -> new TreeMap<>())
                            .put(
                                    position.get("offset").asLong(),
                                    receipt.get("planFingerprint").asText());
                }));
        plans.forEach((partition, byOffset) -> {
            List<String> changes = new ArrayList<>();
            byOffset.forEach((offset, plan) -> {
                if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(plan)) {
                    changes.add(plan);
                    assertThat(changes.size() == 1 || offset >= from.getOrDefault(partition, 0L))
                            .isTrue();
                }
            });
            assertThat(changes).startsWith(Models.PLAN.fingerprint()).hasSizeLessThanOrEqualTo(2);
        });
    }

    /** For each record, on either side of the changes: what scores it again, and what makes datasets, goes by that. */
    private void assertHistoriesTellWhatDecided(FolderBlobStore lake) throws IOException {
        List<ContextHistory> histories = new ArrayList<>();
        for (int partition = 0; partition < FakeLog.PARTITIONS; partition++) {
            histories.add(ContextHistory.read(lake, log.topic(), partition, 0).orElseThrow());
        }
        outlet.scored
                .values()
                .forEach(same -> same.forEach(scored -> {
                    var receipt = scored.get("receipt");
                    var position = receipt.get("position");
                    assertThat(histories
                                    .get(position.get("partition").asInt())
                                    .at(position.get("offset").asLong()))
                            .extracting(ContextRef::modelVersion)
                            .isEqualTo(
                                    receipt.get("context").get("modelVersion").asText());
                }));
    }

    /** Whether every partition's manifest names what the stages say. */
    private boolean isInForce(TestNode node, StageFile stages) throws IOException {
        RiskFiles files = new RiskFiles(new FolderBlobStore(folder), log.topic());
        ContextRef wanted = stages.read().orElseThrow().context(0);
        for (int partition : node.detection.status().snapshot().partitions()) {
            if (!files.manifest(partition).orElseThrow().context().equals(wanted)) {
                return false;
            }
        }
        return true;
    }

    private void awaitStates(TestNode node, FeaturePlan plan) {
        await().atMost(TestNode.patience())
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(hashes(node)).isEqualTo(expectedHashes(plan)));
    }

    private static Map<String, String> hashes(TestNode node) {
        Map<String, String> hashes = new TreeMap<>();
        TestNode.await(node.detection.accounts().accounts(null, 100_000))
                .forEach(view -> hashes.put(view.account(), view.stateHash()));
        return hashes;
    }

    /** The feature states by a loop over the log that shares nothing with detection but the feature plan. */
    private Map<String, String> expectedHashes(FeaturePlan plan) {
        AccountStateCodec codec = new AccountStateCodec(plan);
        Map<String, AccountState> states = new HashMap<>();
        double[] vector = new double[plan.size()];
        for (int partition = 0; partition < FakeLog.PARTITIONS; partition++) {
            for (LoggedEvent event : log.events(partition)) {
                var state = states.computeIfAbsent(event.transaction().account(), account -> codec.fresh());
                plan.apply(state.features(), event.transaction(), MerchantRisk.NONE, vector);
            }
        }
        Map<String, String> hashes = new TreeMap<>();
        states.forEach((account, state) -> hashes.put(account, codec.featureStateHash(state)));
        return hashes;
    }
}
