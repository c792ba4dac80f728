package io.outrider.app.node;

import com.typesafe.config.Config;
import io.outrider.app.process.ProcessSettings;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.Runs;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.rollout.Backtesting;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.TopicSettings;
import io.outrider.lake.pseudonym.PseudonymSettings;
import io.outrider.training.databricks.DatabricksJob;
import io.outrider.training.databricks.DatabricksSettings;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.distributed.ClusterReplay;
import io.outrider.training.distributed.ReplayWorkers;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.job.Job;
import io.outrider.training.past.LakeDecisions;
import io.outrider.training.retention.Retention;
import io.outrider.training.retention.RetentionSettings;
import io.outrider.training.retention.SupervisedRetention;
import io.outrider.training.supervisor.Supervisor;
import io.outrider.training.supervisor.SupervisorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** The batch jobs of a node, under the cluster's supervisor, and its share in those of other nodes. */
public final class BatchJobs {

    /** For questions about past decisions: less than a request may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final Supervisor supervisor;
    private final ReplayWorkers workers;

    private BatchJobs(Supervisor supervisor, ReplayWorkers workers) {
        this.supervisor = supervisor;
        this.workers = workers;
    }

    /** What is told of runs. */
    record Observed(LiveMetrics metrics, Tracing tracing) {}

    static BatchJobs join(
            ActorSystem<?> system, NodeParts parts, BlobStore lake, TopicInfo transactions, Observed observed) {
        SupervisorSettings settings = SupervisorSettings.from(parts.config());
        EtlSettings etlSettings = EtlSettings.from(parts.config());
        LongJobs.Node node = LongJobs.Node.of(parts, transactions);
        LongJobs work = new LongJobs(node, lake, observed);
        List<Job> jobs = new ArrayList<>();
        if (ProcessSettings.from(parts.config()).enabled()) {
            jobs.addAll(work.inProcesses());
        } else {
            jobs.addAll(work.in(new ClusterReplay(system, settings.heartbeat(), settings.lostAfter())));
        }
        DatasetLeases leases = new DatasetLeases(lake, etlSettings.container(), parts.clock());
        retention(parts, lake, observed).ifPresent(jobs::add);
        DatabricksSettings.from(parts.config())
                .map(databricks -> new DatabricksJob(databricks, leases))
                .ifPresent(jobs::add);
        ReplayWorkers workers = parts.roles().contains(Role.BATCH)
                ? new ReplayWorkers(
                        system,
                        new ReplayWorkers.Bounds(etlSettings.parallelism(), node.pace()),
                        work.etlHere(),
                        disk(parts),
                        settings.heartbeat())
                : new ReplayWorkers(system);
        Supervisor supervisor = Supervisor.join(
                system,
                Role.BATCH.wireName(),
                settings,
                new Supervisor.Parts(
                        lake, jobs, disk(parts), parts.clock(), observed.metrics().batch, observed.tracing()));
        return new BatchJobs(supervisor, workers);
    }

    /** The runs of the whole cluster. */
    Runs runs() {
        return supervisor.runs();
    }

    /** Leaves this node's work to others; completes when none of it runs here any more, or at the limit. */
    CompletionStage<Done> drain(Duration limit) {
        Duration each = limit.dividedBy(2);
        return inTurn(() -> supervisor.drain(each), () -> workers.drain(each));
    }

    /**
     * Runs that are on this node first, its share in those of other nodes then, whatever became of the first. The other way
     * round, or at once, a run on this node could fail because no worker takes anything any more, before it is left.
     */
    static CompletionStage<Done> inTurn(Supplier<CompletionStage<Done>> runs, Supplier<CompletionStage<Done>> replays) {
        return runs.get()
                .handle((done, failure) -> Optional.ofNullable(failure))
                .thenCompose(failure -> replays.get()
                        .thenCompose(done -> failure.isEmpty()
                                ? CompletableFuture.completedFuture(done)
                                : CompletableFuture.failedFuture(failure.get())));
    }

    /** What was decided long ago, out of what ETL and Capture leave in the lake. */
    static LakeDecisions pastDecisions(NodeParts parts, Storage storage, TopicInfo transactions) {
        CaptureSettings capture = CaptureSettings.from(parts.config());
        return new LakeDecisions(
                storage.lake(),
                EtlSettings.from(parts.config()).container(),
                parts.plan(),
                storage.models(),
                new LakeDecisions.Log(
                        transactions.name(),
                        transactions.partitions(),
                        parts.partitioner(),
                        capture.files(storage.lake(), transactions.name()),
                        capture.files(storage.lake(), parts.kafka().topics().scoredTransactions()),
                        dataset(parts),
                        PseudonymSettings.key(parts.config()).names(parts.partitioner(), transactions.partitions()),
                        PATIENCE),
                disk(parts));
    }

    /** Where temporary files may be made. */
    private static Path disk(NodeParts parts) {
        String disk = parts.config().getString("outrider.supervisor.disk");
        return Path.of(disk.isBlank() ? System.getProperty("java.io.tmpdir") : disk);
    }

    /** None where everything is kept for ever. */
    private static Optional<Job> retention(NodeParts parts, BlobStore lake, Observed observed) {
        RetentionSettings settings = RetentionSettings.from(parts.config());
        if (settings.keepsAll()) {
            return Optional.empty();
        }
        Retention.Places places = places(parts.config(), lake, parts.kafka().topics());
        Retention retention = new Retention(lake, settings, places, parts.clock());
        DatasetLeases leases = new DatasetLeases(lake, places.datasets(), parts.clock());
        return Optional.of(
                new SupervisedRetention(lake, places.datasets(), leases, retention, observed.metrics().retention));
    }

    /** Where in the lake is what retention is about. */
    public static Retention.Places places(Config config, BlobStore lake, TopicSettings topics) {
        CaptureSettings capture = CaptureSettings.from(config);
        return new Retention.Places(
                capture.container(),
                capture.files(lake, topics.transactions()).source(),
                capture.files(lake, topics.labels()).source(),
                EtlSettings.from(config).container());
    }

    /** The dataset that ETL makes and training reads. */
    static String dataset(NodeParts parts) {
        return LongJobs.dataset(parts.plan());
    }

    /** How far that dataset goes. */
    static Optional<Backtesting.Version> newest(NodeParts parts, BlobStore lake) throws IOException {
        return new Datasets(lake, EtlSettings.from(parts.config()).container())
                .newest(dataset(parts))
                .map(version -> new Backtesting.Version(version.version(), version.dates()));
    }
}
