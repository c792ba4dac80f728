package io.outrider.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.model.ContextRef;
import io.outrider.core.rollout.Requested;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of the stages reaches both nodes of a cluster, each with a partition, while events come. */
class TwoNodesContextTest {

    private static final Duration BARRIER = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final FakeLog log = new FakeLog(7);
    private final RecordingOutlet outlet = new RecordingOutlet();

    @Test
    void everyNodeDecidesByTheSameModelWithinTwoBarrierIntervalsAfterTheChange() throws IOException {
        Models models = Models.trained();
        String first = models.versions().get(0);
        String second = models.versions().get(1);
        FolderBlobStore lake = new FolderBlobStore(folder);
        ModelFiles registry = new ModelFiles(lake, Models.PLAN.name());
        registry.save(models.load(first));
        StageFile stages = new StageFile(lake, Models.PLAN.name());
        stages.readOrBegin(registry, Clock.systemUTC());
        ContextRef context = new ContextRef(first, 0);
        String settings = "outrider.detection.barrier-interval = " + BARRIER.toMillis() + " ms";
        try (TestNode one = new TestNode(log, lake, models, context, outlet, settings, null);
                TestNode other = new TestNode(log, lake, models, context, outlet, settings, one)) {
            await().atMost(TestNode.patience()).until(() -> isUp(one) && isUp(other));
            TestNode.await(one.detection.claim(Set.of(0)));
            TestNode.await(other.detection.claim(Set.of(1)));
            assertThat(deciding(one, other)).containsExactly(first);

            stages.change(at -> at.promote(second, false, new Requested("ann", Instant.EPOCH, "a test")));
            long changed = System.nanoTime();
            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(TestNode.patience())
                    .until(() -> deciding(one, other).equals(Set.of(second)));
            assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(BARRIER.multipliedBy(2));
            for (int i = 0; i < 5; i++) {
                assertThat(deciding(one, other)).containsExactly(second);
            }
            for (TestNode node : new TestNode[] {one, other}) {
                assertThat(node.detection.status().snapshot().modelVersion()).isEqualTo(second);
            }
        }
    }

    private static boolean isUp(TestNode node) {
        return StreamSupport.stream(
                                Cluster.get(node.system).state().getMembers().spliterator(), false)
                        .filter(member -> member.status().equals(MemberStatus.up()))
                        .count()
                == 2;
    }

    /** The models that decide some more events of both partitions. */
    private Set<String> deciding(TestNode one, TestNode other) {
        Map<Integer, Long> from = log.ends();
        log.append(60);
        one.stream(Map.of(0, from.getOrDefault(0, 0L))).forEach(TestNode::await);
        other.stream(Map.of(1, from.getOrDefault(1, 0L))).forEach(TestNode::await);
        long events = IntStream.range(0, FakeLog.PARTITIONS)
                .mapToLong(partition -> log.events(partition).stream()
                        .filter(event -> event.offset() >= from.getOrDefault(partition, 0L))
                        .count())
                .sum();
        await().atMost(TestNode.patience()).until(() -> decided(from).size() == events);
        return decided(from).values().stream()
                .map(receipt -> receipt.get("context").get("modelVersion").textValue())
                .collect(Collectors.toSet());
    }

    /** Receipts of what was decided from these offsets on, by transaction. */
    private Map<String, JsonNode> decided(Map<Integer, Long> from) {
        return outlet.scored.values().stream()
                .flatMap(Set::stream)
                .filter(scored -> {
                    JsonNode position = scored.get("receipt").get("position");
                    return position.get("offset").longValue()
                            >= from.getOrDefault(position.get("partition").intValue(), 0L);
                })
                .collect(Collectors.toMap(scored -> scored.get("id").textValue(), scored -> scored.get("receipt")));
    }
}
