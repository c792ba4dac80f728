package io.outrider.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.event.Label;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantCounts;
import io.outrider.core.risk.MerchantHistory;
import io.outrider.core.risk.RiskTable;
import io.outrider.core.rollout.Requested;
import io.outrider.detection.risk.RiskAggregator;
import io.outrider.detection.risk.RiskSettings;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.risk.ReportName;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which model decides and what is known of merchants, on one node: real sharding and checkpoints, changed while events come. */
class ContextsInForceTest {

    private static Models models;
    private static ContextRef first;
    private static ContextRef second;

    @TempDir
    Path folder;

    private final FakeLog log = new FakeLog(7);
    private final RecordingOutlet outlet = new RecordingOutlet();

    @BeforeAll
    static void train() {
        models = Models.trained();
        first = new ContextRef(models.versions().get(0), 0);
        second = new ContextRef(models.versions().get(1), 0);
    }

    private TestNode node(ContextRef context) throws IOException {
        return new TestNode(log, new FolderBlobStore(folder), models, context, outlet);
    }

    /** Which may be told a moment after the manifests have it. */
    private static void awaitModel(TestNode node, ContextRef context) {
        await().atMost(TestNode.patience())
                .until(() -> context.modelVersion()
                        .equals(node.detection.status().snapshot().modelVersion()));
    }

    /** Those of a lake whose only model is the first one's. */
    private StageFile stages(FolderBlobStore lake) throws IOException {
        StageFile stages = new StageFile(lake, Models.PLAN.name());
        ModelFiles registry = new ModelFiles(lake, Models.PLAN.name());
        registry.save(models.load(first.modelVersion()));
        stages.readOrBegin(registry, Clock.systemUTC());
        return stages;
    }

    @Test
    void theStagesInTheLakeAreFollowedAndOutliveARestart() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        StageFile stages = stages(lake);
        Requested asked = new Requested("ann", Instant.EPOCH, "a test");
        log.append(300);
        try (TestNode node = node(first)) {
            node.streamAll();
            stages.change(at -> at.canary(new Canary(second.modelVersion(), 0.5), asked));
            await().atMost(TestNode.patience()).until(() -> isInForce(node, stages));
            Map<Integer, Long> next = log.ends();
            log.append(1_500);
            node.stream(next).forEach(TestNode::await);
            stages.change(at -> at.promote(second.modelVersion(), false, asked));
            await().atMost(TestNode.patience()).until(() -> isInForce(node, stages));
            awaitModel(node, second);
            outlet.alerts
                    .values()
                    .forEach(same -> same.forEach(alert -> {
                        LogPosition at = alert.receipt().position();
                        boolean canary = at.offset() >= next.getOrDefault(at.partition(), 0L)
                                && new Canary(second.modelVersion(), 0.5)
                                        .takes(alert.transaction().account());
                        assertThat(alert.modelVersion())
                                .isEqualTo(canary ? second.modelVersion() : first.modelVersion());
                    }));
            assertThat(outlet.alerts.values())
                    .anySatisfy(same -> assertThat(same)
                            .anySatisfy(
                                    alert -> assertThat(alert.modelVersion()).isEqualTo(second.modelVersion())));
            stages.change(at -> at.rollback(asked));
        }
        try (TestNode node = node(second)) {
            node.claim();
            await().atMost(TestNode.patience()).until(() -> isInForce(node, stages));
            awaitModel(node, first);
        }
    }

    @Test
    void aWantedModelThatCannotBeLoadedIsToldWhileTheOldOneDecidesOn() throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        StageFile stages = stages(lake);
        Requested asked = new Requested("ann", Instant.EPOCH, "a test");
        try (TestNode node = node(first)) {
            node.claim();
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.status().snapshot().ready());
            assertThat(node.detection.status().snapshot().warnings()).isEmpty();
            stages.change(at -> at.promote("gone", false, asked));
            await().atMost(TestNode.patience())
                    .untilAsserted(
                            () -> assertThat(node.detection.status().snapshot().warnings())
                                    .singleElement()
                                    .asString()
                                    .startsWith("models and merchant risk are not up to date: "));
            assertThat(node.detection.status().snapshot().ready()).isTrue();
            assertThat(node.detection.status().snapshot().modelVersion()).isEqualTo(first.modelVersion());
            stages.change(at -> at.promote(second.modelVersion(), true, asked));
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.status().snapshot().warnings().isEmpty());
        }
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

    @Test
    void merchantsAreCountedOnceWhateverIsLostAndReplayed() throws IOException {
        log.append(1_000);
        RiskFiles files = new RiskFiles(new FolderBlobStore(folder), log.topic());
        try (TestNode node = node(first)) {
            node.streamAll();
            await().atMost(TestNode.patience()).until(() -> node.metrics.checkpoints.sum() > 2);
            outlet.hold(); // from here on barriers do not close, so the crash loses counts
            Map<Integer, Long> before = log.ends();
            log.append(500);
            node.stream(before);
            await().atMost(TestNode.patience()).until(() -> node.metrics.events.sum() > 1_050);
        }
        // What a run wrote whose checkpoint never took effect: a barrier not closed yet, with records that come again.
        long closed = files.manifest(0).orElseThrow().barrier();
        MerchantCounts orphan = new MerchantCounts();
        orphan.add("merchant-0", log.events(0).get(0).transaction().eventTimeMs());
        files.putReport(new ReportName(log.generation, 0, closed + 1, 1, log.endOffset(0) - 1, 9_999), orphan.encode());
        outlet.letGo();
        RiskAggregator early = aggregator(files);
        early.collect();
        early.save();
        try (TestNode node = node(first)) {
            node.streamAll();
            TestNode.await(node.detection.drain());
        }
        RiskAggregator aggregator = aggregator(files);
        assertThat(aggregator.collect()).isTrue();
        assertThat(aggregator.collect()).as("all is taken").isFalse();
        RiskTable table = files.table(aggregator.publish());
        Map<String, Integer> counted = new TreeMap<>();
        Map<String, Integer> expected = new TreeMap<>();
        for (int partition = 0; partition < FakeLog.PARTITIONS; partition++) {
            for (LoggedEvent event : log.events(partition)) {
                expected.merge(String.valueOf(event.transaction().merchant()), 1, Integer::sum);
            }
        }
        long now = log.events(0).get(log.events(0).size() - 1).transaction().eventTimeMs();
        expected.keySet().forEach(merchant -> {
            MerchantHistory history = table.at(merchant, now);
            counted.put(merchant, history == null ? 0 : history.counts()[2]);
        });
        assertThat(counted).isEqualTo(expected);
    }

    @Test
    void aNewRiskTableIsTakenUpAtABarrierAndKeptByARestart() throws IOException {
        RiskFiles files = new RiskFiles(new FolderBlobStore(folder), log.topic());
        log.append(500);
        try (TestNode node = node(first)) {
            node.streamAll();
            await().atMost(TestNode.patience())
                    .until(() -> node.detection.committedOffsets().equals(log.ends()));
            RiskAggregator aggregator = aggregator(files);
            aggregator.take(new Label("x", "a", "merchant-3", FakeLog.START_MS, true, "me", 1, FakeLog.START_MS));
            assertThat(aggregator.publish()).isEqualTo(1);
            Map<Integer, Long> at = log.ends();
            await().atMost(TestNode.patience())
                    .until(() -> files.manifest(0).orElseThrow().context().riskVersion() == 1
                            && files.manifest(1).orElseThrow().context().riskVersion() == 1);
            log.append(200);
            node.stream(at).forEach(TestNode::await);
            TestNode.await(node.detection.drain());
            int labelled = 0;
            for (var same : outlet.scored.values()) {
                for (var scored : same) {
                    var receipt = scored.get("receipt");
                    long offset = receipt.get("position").get("offset").longValue();
                    int partition = receipt.get("position").get("partition").intValue();
                    boolean behind = offset >= at.getOrDefault(partition, 0L);
                    assertThat(receipt.get("context").get("riskVersion").longValue())
                            .isEqualTo(behind ? 1 : 0);
                    labelled += receipt.get("vector").get("merchant_frauds_30d").asInt();
                }
            }
            assertThat(labelled).isPositive();
        }
        try (TestNode node = node(first)) {
            node.claim();
            assertThat(files.manifest(0).orElseThrow().context()).isEqualTo(new ContextRef(first.modelVersion(), 1));
        }
    }

    private static RiskAggregator aggregator(RiskFiles files) throws IOException {
        return new RiskAggregator(files, "generation-1", FakeLog.PARTITIONS, RiskSettings.from(ConfigFactory.load()));
    }
}
