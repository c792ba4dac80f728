package io.outrider.detection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelSource;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.entity.AccountEntity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** A node: its own actor system, whose cluster it forms alone or with another. */
final class TestNode implements AutoCloseable {

    private static final Config CONFIG = ConfigFactory.parseString("""
                    pekko.loglevel = WARNING
                    pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                    pekko.cluster.jmx.multi-mbeans-in-same-jvm = on
                    pekko.coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }
                    outrider.scored-transactions = all
                    outrider.detection { barrier-interval = 100 ms, passivate-after = 300 ms, in-flight = 200, lease = 1 s, build-retry = 200 ms }
                    outrider.detection { blocking-threads = 1, load-threads = 1 } // so that waiting for another shows
                    """)
            .withFallback(ConfigFactory.parseResources("detection-pekko.conf"))
            .withFallback(ConfigFactory.load());

    final ActorSystem<Void> system;
    final Detection detection;
    final LiveMetrics metrics = new LiveMetrics();
    final JumpingClock clock = new JumpingClock();
    private final FakeLog log;

    TestNode(FakeLog log, BlobStore lake, ModelSource models, ContextRef context, RecordingOutlet outlet)
            throws IOException {
        this(log, lake, models, context, outlet, 0, CONFIG, null);
    }

    /** @param failures how often it fails to start, before it does */
    TestNode(FakeLog log, BlobStore lake, ModelSource models, ContextRef context, RecordingOutlet outlet, int failures)
            throws IOException {
        this(log, lake, models, context, outlet, failures, CONFIG, null);
    }

    /**
     * Of a cluster of two.
     *
     * @param settings instead of some of the usual ones
     * @param first whose cluster it joins; null for the first
     */
    TestNode(
            FakeLog log,
            BlobStore lake,
            ModelSource models,
            ContextRef context,
            RecordingOutlet outlet,
            String settings,
            @Nullable TestNode first)
            throws IOException {
        this(
                log,
                lake,
                models,
                context,
                outlet,
                0,
                ConfigFactory.parseString(settings).withFallback(CONFIG),
                first);
    }

    private TestNode(
            FakeLog log,
            BlobStore lake,
            ModelSource models,
            ContextRef context,
            RecordingOutlet outlet,
            int failures,
            Config config,
            @Nullable TestNode first)
            throws IOException {
        this.log = log;
        system = ActorSystem.create(Behaviors.empty(), "outrider", config);
        Cluster cluster = Cluster.get(system);
        cluster.manager()
                .tell(Join.create(Cluster.get(first == null ? system : first.system)
                        .selfMember()
                        .address()));
        DetectionParts parts = new DetectionParts(
                lake,
                models,
                Models.PLAN,
                log,
                log,
                context,
                FakeLog.PARTITIONS,
                PseudonymKey.NONE,
                FakeLog::partitionOf,
                new DetectionParts.Topics("alerts", "dead-letters", "scored-transactions"),
                Map.of(),
                metrics,
                clock);
        for (int i = 0; i < failures; i++) {
            assertThatThrownBy(() -> new Detection(system, DetectionSettings.from(config), parts, outlet))
                    .isInstanceOf(IOException.class);
        }
        detection = new Detection(system, DetectionSettings.from(config), parts, outlet);
    }

    Map<Integer, Long> claim() {
        return await(detection.claim(Set.of(0, 1)));
    }

    /** Streams what the log holds from the offsets on; completes when all is taken. */
    List<CompletableFuture<Done>> stream(Map<Integer, Long> offsets) {
        List<CompletableFuture<Done>> streams = new ArrayList<>();
        offsets.forEach((partition, offset) -> streams.add(Source.from(log.groups(partition, offset, 20))
                .runWith(detection.sink(partition), system)
                .toCompletableFuture()));
        return streams;
    }

    void streamAll() {
        stream(claim()).forEach(TestNode::await);
    }

    /** How many account entities sharding has at the moment. */
    int accountsInMemory() {
        var type = EntityTypeKey.create(AccountEntity.Command.class, "account");
        ShardRegion.CurrentShardRegionState state =
                await(AskPattern.<ClusterShardingQuery, ShardRegion.CurrentShardRegionState>ask(
                        ClusterSharding.get(system).shardState(),
                        replyTo -> new GetShardRegionState(type, replyTo),
                        Duration.ofSeconds(5),
                        system.scheduler()));
        int entities = 0;
        for (ShardRegion.ShardState shard : state.getShards()) {
            entities += shard.getEntityIds().size();
        }
        return entities;
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Dies without a last checkpoint. */
    @Override
    public void close() {
        detection.close();
        system.terminate();
        await(system.getWhenTerminated());
    }

    static Duration patience() {
        return Duration.ofSeconds(20);
    }
}
