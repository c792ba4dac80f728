package io.outrider.training.supervisor;

import io.outrider.core.port.BlobStore;
import io.outrider.core.port.Runs;
import io.outrider.core.telemetry.BatchMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.training.job.Job;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.jspecify.annotations.Nullable;

/** A node's part in supervised batch work: questions about runs from any node, and work on those that have the role. */
public final class Supervisor {

    private static final String DISPATCHER = "outrider.supervisor.dispatcher";
    private static final String JOB_DISPATCHER = "outrider.supervisor.job-dispatcher";

    private final ActorSystem<?> system;
    private final Runs runs;
    private final @Nullable ActorRef<WorkerEntity.Command> worker;

    /**
     * What it is built from.
     *
     * @param jobs one of each kind; the same on all nodes. Each needs settings under {@code outrider.supervisor.kinds}
     * @param disk folder for what attempts put on disk
     * @param metrics the node's, told of runs while the supervisor is on it
     * @param tracing where the spans of attempts come from
     */
    public record Parts(BlobStore lake, List<Job> jobs, Path disk, Clock clock, BatchMetrics metrics, Tracing tracing) {

        public Parts {
            jobs = List.copyOf(jobs);
        }

        private Map<String, Job> byKind() {
            Map<String, Job> byKind = new TreeMap<>();
            for (Job job : jobs) {
                if (byKind.put(job.kind(), job) != null) {
                    throw new IllegalArgumentException("two jobs are of kind " + job.kind());
                }
            }
            return byKind;
        }
    }

    private Supervisor(ActorSystem<?> system, Runs runs, @Nullable ActorRef<WorkerEntity.Command> worker) {
        this.system = system;
        this.runs = runs;
        this.worker = worker;
    }

    /** Lets this node take its part. Call once on every node; the supervisor runs on one of those that have the role. */
    public static Supervisor join(ActorSystem<?> system, String role, SupervisorSettings settings, Parts parts) {
        Map<String, Job> jobs = parts.byKind();
        jobs.keySet().forEach(settings::kind);
        ActorRef<SupervisorEntity.Command> supervisor = ClusterSingleton.get(system)
                .init(SingletonActor.of(
                                SupervisorEntity.create(
                                        settings,
                                        jobs,
                                        () -> new RunFiles(parts.lake()),
                                        parts.clock(),
                                        parts.metrics()),
                                "batch-supervisor")
                        .withStopMessage(SupervisorEntity.Stop.INSTANCE)
                        .withProps(DispatcherSelector.fromConfig(DISPATCHER))
                        .withSettings(ClusterSingletonSettings.create(system).withRole(role)));
        boolean works = Cluster.get(system).selfMember().hasRole(role);
        ActorRef<WorkerEntity.Command> worker = works
                ? system.systemActorOf(
                        WorkerEntity.create(new WorkerEntity.Parts(
                                jobs,
                                parts.disk(),
                                settings.heartbeat(),
                                system.dispatchers().lookup(DispatcherSelector.fromConfig(JOB_DISPATCHER)),
                                parts.tracing())),
                        "batch-worker",
                        Props.empty())
                : null;
        return new Supervisor(system, new SupervisorClient(system, supervisor, settings.answerLimit()), worker);
    }

    /** The runs of the whole cluster. */
    public Runs runs() {
        return runs;
    }

    /**
     * Leaves this node's work to others; completes when none of it runs here any more and the supervisor knows how it ended, or
     * at the limit, with a TimeoutException.
     */
    public CompletionStage<Done> drain(Duration limit) {
        return worker == null
                ? CompletableFuture.completedFuture(Done.getInstance())
                : AskPattern.ask(worker, WorkerEntity.Drain::new, limit, system.scheduler());
    }
}
