package io.outrider.training.distributed;

import io.outrider.core.pace.Pace;
import io.outrider.training.etl.SupervisedEtl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** A node's workers for ETL runs of the whole cluster. Thread-safe. */
public final class ReplayWorkers {

    private final ActorSystem<?> system;
    private final List<ActorRef<ReplayWorkerEntity.Command>> workers = new ArrayList<>();

    /** No workers, on a node that is not for batch work. */
    public ReplayWorkers(ActorSystem<?> system) {
        this.system = system;
    }

    /**
     * What they may take of the node.
     *
     * @param count partitions that it replays at once
     * @param pace of each replay
     */
    public record Bounds(int count, Supplier<Pace> pace) {}

    /**
     * Starts them.
     *
     * @param etl the dataset's ETL by this node's settings
     * @param disk folder for temporary files
     * @param heartbeat how often they say that they are there
     */
    public ReplayWorkers(ActorSystem<?> system, Bounds bounds, SupervisedEtl.Etl etl, Path disk, Duration heartbeat) {
        this(system);
        ReplayWorkerEntity.Parts parts = new ReplayWorkerEntity.Parts(etl, disk, bounds.pace(), heartbeat);
        for (int i = 1; i <= bounds.count(); i++) {
            String name = "etl-worker-" + i;
            workers.add(system.systemActorOf(
                    ReplayWorkerEntity.create(parts, Executors.newSingleThreadExecutor(work -> thread(work, name))),
                    name,
                    Props.empty()));
        }
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Leaves their work to other nodes; completes when none of it runs here any more, or at the limit. */
    public CompletionStage<Done> drain(Duration limit) {
        return CompletableFuture.allOf(workers.stream()
                        .map(worker -> AskPattern.ask(worker, ReplayWorkerEntity.Leave::new, limit, system.scheduler()))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture[]::new))
                .thenApply(all -> Done.getInstance());
    }
}
