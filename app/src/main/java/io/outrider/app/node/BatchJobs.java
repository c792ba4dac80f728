package io.outrider.app.node;

import com.typesafe.config.Config;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.training.backtest.SupervisedBacktest;
import io.outrider.training.databricks.DatabricksJob;
import io.outrider.training.databricks.DatabricksSettings;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.etl.SupervisedEtl;
import io.outrider.training.job.Job;
import io.outrider.training.past.LakeDecisions;
import io.outrider.training.run.SupervisedTraining;
import io.outrider.training.supervisor.Supervisor;
import io.outrider.training.supervisor.SupervisorSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;

/** The batch jobs of a node, under the cluster's supervisor. */
final class BatchJobs {

    private BatchJobs() {}

    /** What is told of runs. */
    record Observed(LiveMetrics metrics, Tracing tracing) {}

    static Supervisor join(
            ActorSystem<?> system, NodeParts parts, BlobStore lake, TopicInfo transactions, Observed observed) {
        List<Job> jobs = new ArrayList<>();
        SupervisedEtl.Etl etl = etl(parts, lake, transactions);
        jobs.add(new SupervisedEtl(etl));
        jobs.add(new SupervisedTraining(
                new SupervisedTraining.Surroundings(
                        lake, parts.config(), dataset(parts), observed.metrics(), observed.tracing(), parts.clock()),
                etl));
        jobs.add(new SupervisedBacktest(lake, parts.config(), dataset(parts)));
        DatabricksSettings.from(parts.config()).map(DatabricksJob::new).ifPresent(jobs::add);
        return Supervisor.join(
                system,
                Role.BATCH.wireName(),
                SupervisorSettings.from(parts.config()),
                new Supervisor.Parts(
                        lake, jobs, disk(parts), parts.clock(), observed.metrics().batch, observed.tracing()));
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
                        dataset(parts)),
                disk(parts));
    }

    /** Where temporary files may be made. */
    private static Path disk(NodeParts parts) {
        String disk = parts.config().getString("outrider.supervisor.disk");
        return Path.of(disk.isBlank() ? System.getProperty("java.io.tmpdir") : disk);
    }

    /** The dataset that ETL makes and training reads. */
    static String dataset(NodeParts parts) {
        return parts.plan().name().toLowerCase(Locale.ROOT);
    }

    /** The dataset of the plan's name, from what this node's topic has captured. */
    private static SupervisedEtl.Etl etl(NodeParts parts, BlobStore lake, TopicInfo transactions) {
        Config config = parts.config();
        EtlSettings settings = EtlSettings.from(config);
        CaptureSettings capture = CaptureSettings.from(config);
        String labels = parts.kafka().topics().labels();
        return (disk, acceptMissingRisk) -> new EtlJob(
                lake,
                settings,
                new EtlRequest(
                        dataset(parts),
                        capture.files(lake, transactions.name()),
                        transactions.partitions(),
                        parts.partitioner().name(),
                        parts.plan(),
                        Optional.empty(),
                        false,
                        new EtlRisk.InForce(transactions.name(), capture.files(lake, labels), acceptMissingRisk),
                        disk),
                parts.clock());
    }
}
