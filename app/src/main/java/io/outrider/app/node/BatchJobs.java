package io.outrider.app.node;

import com.typesafe.config.Config;
import io.outrider.core.port.BlobStore;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.training.databricks.DatabricksJob;
import io.outrider.training.databricks.DatabricksSettings;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.etl.SupervisedEtl;
import io.outrider.training.job.Job;
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

    static Supervisor join(ActorSystem<?> system, NodeParts parts, BlobStore lake, TopicInfo transactions) {
        List<Job> jobs = new ArrayList<>();
        jobs.add(etl(parts, lake, transactions));
        DatabricksSettings.from(parts.config()).map(DatabricksJob::new).ifPresent(jobs::add);
        String disk = parts.config().getString("outrider.supervisor.disk");
        return Supervisor.join(
                system,
                Role.BATCH.wireName(),
                SupervisorSettings.from(parts.config()),
                new Supervisor.Parts(
                        lake,
                        jobs,
                        Path.of(disk.isBlank() ? System.getProperty("java.io.tmpdir") : disk),
                        parts.clock()));
    }

    /** The dataset of the plan's name, from what this node's topic has captured. */
    private static Job etl(NodeParts parts, BlobStore lake, TopicInfo transactions) {
        Config config = parts.config();
        EtlSettings settings = EtlSettings.from(config);
        CaptureSettings capture = CaptureSettings.from(config);
        String labels = parts.kafka().topics().labels();
        EtlRisk risk = new EtlRisk.InForce(transactions.name(), capture.files(lake, labels), false);
        return new SupervisedEtl(disk -> new EtlJob(
                lake,
                settings,
                new EtlRequest(
                        parts.plan().name().toLowerCase(Locale.ROOT),
                        capture.files(lake, transactions.name()),
                        transactions.partitions(),
                        parts.partitioner().name(),
                        parts.plan(),
                        Optional.empty(),
                        false,
                        risk,
                        disk),
                parts.clock()));
    }
}
