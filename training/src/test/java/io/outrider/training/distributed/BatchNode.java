package io.outrider.training.distributed;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.pace.Pace;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.SupervisedEtl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;
import org.jspecify.annotations.Nullable;

/** A node for batch work, with one worker, in a cluster within this process. */
final class BatchNode implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Config CONFIG = ConfigFactory.parseString("""
                    pekko {
                      loglevel = WARNING
                      actor.provider = cluster
                      remote.artery.canonical { hostname = 127.0.0.1, port = 0 }
                      remote.artery.advanced.maximum-frame-size = 32 KiB # the least there may be
                      coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }
                      cluster {
                        jmx.enabled = off
                        gossip-interval = 100 ms
                        leader-actions-interval = 100 ms
                        failure-detector { heartbeat-interval = 200 ms, acceptable-heartbeat-pause = 2 s }
                        typed.receptionist.distributed-data {
                          gossip-interval = 100 ms
                          notify-subscribers-interval = 50 ms
                        }
                      }
                    }
                    """)
            .withFallback(ConfigFactory.parseResources("training-pekko.conf"))
            .withFallback(ConfigFactory.load());

    final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "outrider", CONFIG);
    final ReplayWorkers workers;

    /** What its worker does. */
    volatile SupervisedEtl.@Nullable Etl etl;

    private final @Nullable BatchNode seed;

    private BatchNode(@Nullable BatchNode seed) {
        this.seed = seed;
        Cluster seedCluster = Cluster.get(seed == null ? system : seed.system);
        Cluster.get(system).manager().tell(Join.create(seedCluster.selfMember().address()));
        this.workers = new ReplayWorkers(
                system,
                new ReplayWorkers.Bounds(1, () -> Pace.FULL),
                this::made,
                Path.of(System.getProperty("java.io.tmpdir")),
                Duration.ofMillis(200));
    }

    private EtlJob made(Path disk, boolean acceptMissingRisk) {
        SupervisedEtl.Etl now = etl;
        if (now == null) {
            throw new IllegalStateException("nothing is known of any dataset");
        }
        return now.on(disk, acceptMissingRisk);
    }

    static BatchNode first() {
        return new BatchNode(null);
    }

    static BatchNode join(BatchNode seed) {
        return new BatchNode(seed);
    }

    /** Waits until this node knows so many workers of the whole cluster, and no others. */
    void awaitWorkers(int count) {
        await().atMost(LIMIT).until(() -> knownWorkers().size() == count);
    }

    /** The workers of the whole cluster, as far as this node knows. */
    Set<ActorRef<ReplayWorkerEntity.Command>> knownWorkers() throws Exception {
        return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                        system.receptionist(),
                        replyTo -> Receptionist.find(ReplayWorkerEntity.KEY, replyTo),
                        LIMIT,
                        system.scheduler())
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .getServiceInstances(ReplayWorkerEntity.KEY);
    }

    /** Leaves the cluster and ends, where it has not died before. */
    @Override
    public void close() {
        Cluster cluster = Cluster.get(system);
        if (!cluster.isTerminated()) {
            cluster.manager().tell(Leave.create(cluster.selfMember().address()));
            await().atMost(LIMIT).until(cluster::isTerminated);
        }
        end();
    }

    /** Dies without leaving the cluster, which then removes it. */
    void die() {
        if (seed != null) {
            Cluster.get(seed.system)
                    .manager()
                    .tell(new Down(Cluster.get(system).selfMember().address()));
        }
        end();
    }

    private void end() {
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
