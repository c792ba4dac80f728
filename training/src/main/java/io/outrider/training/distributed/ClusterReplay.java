package io.outrider.training.distributed;

import io.outrider.training.etl.HopelessReplayException;
import io.outrider.training.etl.PartitionResult;
import io.outrider.training.etl.PartitionUnit;
import io.outrider.training.etl.ReplayEngine;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * Replays partitions on all batch nodes of the cluster, this one among them, and on this one alone where there is no other.
 * What crosses the network is orders and answers; results are read from the lake, as after a crash. Thread-safe.
 */
public final class ClusterReplay implements ReplayEngine {

    private static final AtomicLong RUNS = new AtomicLong();

    private final ActorSystem<?> system;
    private final Duration heartbeat;
    private final Duration lostAfter;

    /**
     * An engine.
     *
     * @param heartbeat how often workers say that they are there
     * @param lostAfter after how long without a word a worker's partition is given to another
     */
    public ClusterReplay(ActorSystem<?> system, Duration heartbeat, Duration lostAfter) {
        this.system = system;
        this.heartbeat = heartbeat;
        this.lostAfter = lostAfter;
    }

    @Override
    public List<PartitionResult> replay(List<PartitionUnit> units, Progress progress) throws IOException {
        BlockingQueue<ReplayCoordinatorEntity.Notice> notices = new LinkedBlockingQueue<>();
        ActorRef<ReplayCoordinatorEntity.Command> coordinator = system.systemActorOf(
                ReplayCoordinatorEntity.create(
                        units.stream().map(ReplayOrder::of).toList(), heartbeat, lostAfter, notices::add),
                "etl-replay-" + RUNS.incrementAndGet(),
                Props.empty());
        try {
            await(notices, units.size(), progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while partitions were replayed");
        } finally {
            coordinator.tell(ReplayCoordinatorEntity.Stop.INSTANCE);
        }
        List<PartitionResult> results = new ArrayList<>();
        for (PartitionUnit unit : units) {
            results.add(unit.finished()
                    .orElseThrow(() -> new IOException(
                            unit.folder() + " was finished, but its result is not in this node's lake")));
        }
        return results;
    }

    private static void await(BlockingQueue<ReplayCoordinatorEntity.Notice> notices, int all, Progress progress)
            throws IOException, InterruptedException {
        int left = all;
        while (left > 0) {
            ReplayCoordinatorEntity.Notice notice = notices.take();
            ReplayAssignments.Failure failure = notice.failure();
            if (failure != null) {
                throw failure.hopeless() ? new HopelessReplayException(failure.why()) : new IOException(failure.why());
            }
            left = notice.left();
            String where = notice.nodes() > 1 ? " on " + notice.nodes() + " nodes" : "";
            progress.at("replay" + where, (all - left) / (double) all);
        }
    }
}
