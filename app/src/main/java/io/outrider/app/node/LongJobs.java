package io.outrider.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.outrider.app.process.JavaCommand;
import io.outrider.app.process.ProcessJob;
import io.outrider.app.process.ProcessOrder;
import io.outrider.app.process.ProcessSettings;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.pace.Pace;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.lake.pseudonym.PseudonymSettings;
import io.outrider.training.backtest.SupervisedBacktest;
import io.outrider.training.dataset.DatasetLeases;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.etl.ReplayEngine;
import io.outrider.training.etl.ReplayThreads;
import io.outrider.training.etl.SupervisedEtl;
import io.outrider.training.job.Job;
import io.outrider.training.run.SupervisedTraining;
import io.outrider.training.supervisor.SupervisorSettings;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The jobs that work for long, ETL, training and backtests, of one node: in its process or in those of their own. */
public final class LongJobs {

    /** The command that processes of their own run: it does one attempt. */
    public static final String COMMAND = "run-attempt";

    private final Node node;
    private final BlobStore lake;
    private final BatchJobs.Observed observed;
    private final EtlSettings etl;

    /**
     * The node, as far as they want to know it.
     *
     * @param pace of each run and of each replay
     */
    record Node(
            Config config,
            FeaturePlan plan,
            AccountPartitioner partitioner,
            TopicInfo transactions,
            Supplier<Pace> pace,
            Clock clock) {

        static Node of(NodeParts parts, TopicInfo transactions) {
            return new Node(
                    parts.config(),
                    parts.plan(),
                    parts.partitioner(),
                    transactions,
                    LongJobs.pace(parts.roles(), SupervisorSettings.from(parts.config())),
                    parts.clock());
        }

        private ProcessOrder.Node order() {
            return new ProcessOrder.Node(
                    config.root().withOnlyKey("outrider").render(ConfigRenderOptions.concise()),
                    plan.name(),
                    partitioner.name(),
                    transactions);
        }

        private static Node of(ProcessOrder.Node order) {
            return new Node(
                    ConfigFactory.parseString(order.config())
                            .withFallback(ConfigFactory.load())
                            .resolve(),
                    FeaturePlan.named(order.plan()),
                    AccountPartitioner.named(order.partitioner()),
                    order.transactions(),
                    () -> Pace.FULL, // what others need, the operating system keeps for them
                    Clock.systemUTC());
        }
    }

    LongJobs(Node node, BlobStore lake, BatchJobs.Observed observed) {
        this.node = node;
        this.lake = lake;
        this.observed = observed;
        this.etl = EtlSettings.from(node.config());
    }

    /** The job that an order means, for the process that has got it. */
    public static Job of(ProcessOrder order, Lake lake) throws IOException {
        Node node = Node.of(order.node());
        LongJobs jobs =
                new LongJobs(node, lake.open(node.config()), new BatchJobs.Observed(new LiveMetrics(), Tracing.OFF));
        return jobs.in(jobs.replayThreads()).stream()
                .filter(job -> job.kind().equals(order.kind()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no job of kind " + order.kind() + " works for long"));
    }

    /** Opens the lake that settings name. */
    public interface Lake {
        BlobStore open(Config config) throws IOException;
    }

    /** Of work in a node's process: where it decides transactions, these go first. */
    static Supplier<Pace> pace(Set<Role> roles, SupervisorSettings settings) {
        return roles.contains(Role.DETECTION) ? () -> new Pace(settings.shareBesideDetection()) : () -> Pace.FULL;
    }

    /** In this process, but for replays. */
    List<Job> in(ReplayEngine replays) {
        SupervisedEtl.Etl made = etl(replays);
        String dataset = dataset(node.plan());
        return List.of(
                new SupervisedEtl(made),
                new SupervisedTraining(
                        new SupervisedTraining.Surroundings(
                                lake,
                                node.config(),
                                dataset,
                                node.pace(),
                                observed.metrics(),
                                observed.tracing(),
                                node.clock()),
                        made),
                new SupervisedBacktest(
                        lake,
                        node.config(),
                        dataset,
                        node.pace(),
                        new DatasetLeases(lake, etl.container(), node.clock())));
    }

    /** Each attempt in a process of its own, replays included. */
    List<Job> inProcesses() {
        List<String> command = JavaCommand.of(ProcessSettings.from(node.config()), COMMAND);
        ProcessOrder.Node order = node.order();
        return in(replayThreads()).stream()
                .map(job -> (Job) new ProcessJob(job, command, order))
                .toList();
    }

    /** ETL whose replays are in threads of this process. */
    SupervisedEtl.Etl etlHere() {
        return etl(replayThreads());
    }

    private ReplayEngine replayThreads() {
        return new ReplayThreads(etl.parallelism());
    }

    /** The dataset that ETL makes and training reads. */
    static String dataset(FeaturePlan plan) {
        return plan.name().toLowerCase(Locale.ROOT);
    }

    /** The dataset of the plan's name, from what the node's topic has captured. */
    private SupervisedEtl.Etl etl(ReplayEngine engine) {
        Config config = node.config();
        CaptureSettings capture = CaptureSettings.from(config);
        String labels = KafkaSettings.from(config).topics().labels();
        return (disk, acceptMissingRisk) -> new EtlJob(
                lake,
                etl,
                new EtlRequest(
                        dataset(node.plan()),
                        capture.files(lake, node.transactions().name()),
                        node.transactions().partitions(),
                        node.partitioner().name(),
                        node.plan(),
                        Optional.empty(),
                        false,
                        new EtlRisk.InForce(node.transactions().name(), capture.files(lake, labels), acceptMissingRisk),
                        disk,
                        PseudonymSettings.key(config)),
                engine,
                node.clock());
    }
}
