package io.outrider.app.node;

import com.typesafe.config.Config;
import io.outrider.app.telemetry.Telemetry;
import io.outrider.core.decision.AlertSettings;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.LabelReading;
import io.outrider.core.port.AlertFeed;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Detection;
import io.outrider.detection.DetectionParts;
import io.outrider.detection.DetectionSettings;
import io.outrider.detection.PartitionPlaces;
import io.outrider.detection.erasure.ErasureDesk;
import io.outrider.detection.erasure.RemainingAlerts;
import io.outrider.detection.risk.RiskAggregation;
import io.outrider.detection.risk.RiskSettings;
import io.outrider.detection.rollout.LakeRollouts;
import io.outrider.detection.rollout.Retraining;
import io.outrider.detection.rollout.RolloutSettings;
import io.outrider.detection.rollout.RolloutWatching;
import io.outrider.detection.store.AlertKeeping;
import io.outrider.detection.store.AlertStore;
import io.outrider.detection.store.LabelledCases;
import io.outrider.detection.store.ReviewStore;
import io.outrider.detection.store.StoreSettings;
import io.outrider.detection.webhook.WebhookSettings;
import io.outrider.detection.webhook.Webhooks;
import io.outrider.http.HttpApi;
import io.outrider.http.HttpPorts;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.capture.CaptureWriter;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaErasures;
import io.outrider.ingestion.kafka.KafkaIntake;
import io.outrider.ingestion.kafka.KafkaLabels;
import io.outrider.ingestion.kafka.StreamCheck;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.ingestion.kafka.TransactionSource;
import io.outrider.lake.pseudonym.PseudonymSettings;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.past.LakeDecisions;
import io.outrider.training.run.SupervisedTraining;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.remote.RemoteTransportException;

/**
 * A running node. It listens from its first moment on and says what it waits for; what it needs (cluster, lake, model,
 * broker) is tried until it is there. Wiring goes from the end of the data's way to its beginning: detection, then the
 * stream that feeds it; stopping goes the other way, so that what was taken in is made durable.
 */
public final class OutriderNode implements AutoCloseable {

    private static final Duration BIND_LIMIT = Duration.ofSeconds(30);

    private final NodeParts parts;
    private final ActorSystem<Void> system;
    private final StopSteps stopping;
    private final LiveMetrics metrics = new LiveMetrics();
    private final LatePorts ports = new LatePorts();
    private final Telemetry telemetry;
    private final PseudonymKey pseudonyms;
    private final NodeStart starting;
    private final int port;
    private volatile boolean joined;

    /**
     * Starts a node and returns when it listens; it is ready once {@link #status} says so.
     *
     * @throws IllegalStateException if a port is taken
     */
    public static OutriderNode start(NodeParts parts) {
        return new OutriderNode(parts);
    }

    private OutriderNode(NodeParts parts) {
        this.parts = parts;
        this.pseudonyms = PseudonymSettings.key(parts.config());
        this.telemetry = Telemetry.start(parts.config(), parts.clock());
        this.system = system(parts.config());
        ClusterMember.staysHeardUntilItHasLeft(system);
        this.stopping = new StopSteps(system, parts.stopLimit());
        stopping.push("telemetry", telemetry::close);
        this.starting = new NodeStart(parts.startRetry(), ports::waitingFor);
        boolean listening = false;
        try {
            port = listen();
            starting.run(this::bringUp);
            listening = true;
        } finally {
            if (!listening) {
                close();
            }
        }
    }

    /** The port that the API listens on. */
    public int port() {
        return port;
    }

    /** The alerts of the whole cluster. */
    public AlertFeed alerts() {
        return ports;
    }

    /** How it is doing. */
    public NodeStatus status() {
        return ports;
    }

    /** Its counters. */
    public LiveMetrics metrics() {
        return metrics;
    }

    /** Completes when everything it needs was there and is wired; fails if it can never run. */
    public CompletionStage<Done> started() {
        return starting.taken();
    }

    /** Whether it has been a member of its cluster. */
    public boolean hasJoined() {
        return joined;
    }

    /**
     * Completes when the node has left its cluster: after {@link #close}, or because the others removed it. Fails if it
     * can never run.
     */
    public CompletionStage<Done> ended() {
        return starting.failure().applyToEither(system.getWhenTerminated(), done -> done);
    }

    /** Stops taking events, makes durable what was taken, and leaves. */
    @Override
    public void close() {
        starting.close();
        ports.stop("the node is stopping");
        stopping.close();
    }

    private void bringUp(NodeStart start) throws IOException, InterruptedException {
        start.until("the cluster", () -> ClusterMember.join(system));
        joined = true;
        Storage storage = start.until("the lake", () -> parts.storage().open());
        Topics topics = start.until("the broker", () -> StreamCheck.open(parts.kafka()));
        stopping.push("topics", topics::close);
        StreamCheck stream = new StreamCheck(parts.kafka(), topics);
        // The API turns bad events away itself; the others' go to the dead letters.
        boolean rejects =
                parts.roles().contains(Role.DETECTION) || parts.roles().contains(Role.BATCH);
        TopicInfo transactions = start.until("the broker", () -> stream.transactions(rejects));
        capture(storage);
        Detection detection = start.until("detection", () -> detection(storage, transactions, topics));
        stopping.push("detection", detection::close);
        RiskAggregation.join(
                system,
                Role.BATCH.wireName(),
                RiskSettings.from(parts.config()),
                new RiskAggregation.Parts(
                        storage.lake(),
                        new TopicLog(transactions.name(), topics),
                        transactions.partitions(),
                        new TopicLog(parts.kafka().topics().labels(), topics),
                        parts.kafka().topics().deadLetters(),
                        reading(transactions),
                        parts.kafka().adminProperties(),
                        metrics,
                        parts.clock()));
        BatchJobs jobs = BatchJobs.join(
                system, parts, storage.lake(), transactions, new BatchJobs.Observed(metrics, telemetry.tracing()));
        stopping.pushStage("batch jobs", () -> jobs.drain(parts.stopLimit()));
        DatasetKeeping.join(system, parts, storage.lake(), transactions.name());
        ErasureDesk erasures = start.until("the list of erasures", () -> erasures(storage, transactions, stream));
        RemainingAlerts alerts = new RemainingAlerts(detection.alerts(), erasures);
        AlertStore store =
                start.until("the alert store", () -> alertStore(storage, topics, transactions, alerts, erasures));
        Webhooks.join(
                system,
                Role.BATCH.wireName(),
                WebhookSettings.from(parts.config(), System.getenv()),
                new Webhooks.Parts(
                        storage.lake(),
                        transactions.name(),
                        new TopicLog(parts.kafka().topics().alerts(), topics),
                        parts.kafka().adminProperties(),
                        metrics,
                        telemetry.tracing(),
                        parts.clock()));
        LabelledCases labelled = new LabelledCases(store);
        LakeRollouts rollouts = detection.rollouts(labelled);
        RolloutWatching.join(
                system,
                Role.BATCH.wireName(),
                RolloutSettings.from(parts.config()),
                new RolloutWatching.Parts(
                        storage.lake(),
                        parts.plan(),
                        labelled,
                        new Retraining(jobs.runs(), SupervisedTraining.KIND),
                        metrics,
                        parts.clock()));
        KafkaIntake intake = new KafkaIntake(parts.kafka(), transactions, reading(), parts.clock());
        stopping.push("intake", intake::close);
        KafkaLabels labels = new KafkaLabels(parts.kafka(), reading(transactions), parts.clock());
        stopping.push("label intake", labels::close);
        LakeDecisions past = BatchJobs.pastDecisions(parts, storage, transactions);
        stopping.push("past decisions", past::close);
        LatePorts.Running running = new LatePorts.Running(
                detection.accounts(),
                detection.whatIf(),
                alerts,
                store,
                past,
                new ReviewStore(store, storage.models(), AlertSettings.read(parts.config()), parts.clock()),
                intake,
                labels,
                jobs.runs(),
                new StoredBacktests(system, storage.lake()),
                rollouts,
                rollouts,
                new StoredModels(system, storage.lake(), parts.plan().name()),
                new MemberNodes(system, new PartitionPlaces(system, transactions.partitions())),
                new StoredQuality(
                        system, storage.lake(), EtlSettings.from(parts.config()).container(), BatchJobs.dataset(parts)),
                parts.roles().contains(Role.DETECTION) ? stream(transactions, detection) : detection.status(),
                erasures);
        ports.set(pseudonyms.isOn() ? PseudonymousPorts.over(running, names(transactions)) : running);
    }

    private ErasureDesk erasures(Storage storage, TopicInfo transactions, StreamCheck stream) throws IOException {
        KafkaErasures marks = new KafkaErasures(parts.kafka(), transactions, stream.labels(), reading());
        ErasureDesk desk;
        try {
            desk = new ErasureDesk(storage.lake(), transactions.name(), marks, parts.clock());
        } catch (IOException e) {
            marks.close();
            throw e;
        }
        stopping.push("erasures", () -> {
            desk.close();
            marks.close();
        });
        return desk;
    }

    /** Written by one node of role batch, read by every node. */
    private AlertStore alertStore(
            Storage storage,
            Topics topics,
            TopicInfo transactions,
            RemainingAlerts alerts,
            Supplier<ErasureList> erasures)
            throws IOException {
        StoreSettings settings = StoreSettings.from(parts.config());
        boolean scored = ScoredEvents.read(parts.config()) != ScoredEvents.OFF;
        AlertKeeping.Parts store = new AlertKeeping.Parts(
                storage.lake(),
                parts.kafka().topics().transactions(),
                new TopicLog(parts.kafka().topics().alerts(), topics),
                new TopicLog(parts.kafka().topics().labels(), topics),
                scored
                        ? Optional.of(new TopicLog(parts.kafka().topics().scoredTransactions(), topics))
                        : Optional.empty(),
                reading(transactions),
                parts.kafka().adminProperties(),
                erasures,
                parts.clock());
        AlertStore opened = AlertStore.open(settings, store, alerts, storage.models());
        stopping.push("alert store", opened::close);
        AlertKeeping.join(system, Role.BATCH.wireName(), settings, store);
        return opened;
    }

    /** Stopped after detection, so that its last alerts are captured, too. */
    private void capture(Storage storage) {
        CaptureSettings settings = CaptureSettings.from(parts.config());
        if (settings.enabled() && parts.roles().contains(Role.BATCH)) {
            CaptureWriter writer = new CaptureWriter(parts.kafka(), settings, storage.lake(), metrics, parts.clock());
            stopping.push("capture", writer::close);
            writer.start();
        }
    }

    private NodeStatus stream(TopicInfo transactions, Detection detection) {
        TransactionSource source = new TransactionSource(
                system, parts.kafka(), transactions, reading(), new DetectionOwner(detection, metrics));
        stopping.pushStage("last checkpoints", detection::drain);
        stopping.pushStage("transaction stream", source::drain);
        source.start();
        return new StreamStatus(detection.status(), source);
    }

    private Detection detection(Storage storage, TopicInfo transactions, Topics topics) throws IOException {
        return Detection.start(
                system,
                DetectionSettings.from(parts.config()),
                new DetectionParts(
                        storage.lake(),
                        storage.models(),
                        parts.plan(),
                        new TopicLog(transactions.name(), topics),
                        storage.context(),
                        transactions.partitions(),
                        pseudonyms,
                        account -> parts.partitioner().partition(account, transactions.partitions()),
                        new DetectionParts.Topics(
                                parts.kafka().topics().alerts(),
                                parts.kafka().topics().deadLetters(),
                                parts.kafka().topics().scoredTransactions()),
                        parts.kafka().adminProperties(),
                        metrics,
                        parts.clock()));
    }

    private EventReading reading() {
        return new EventReading(parts.plan().schema(), parts.partitioner(), pseudonyms, telemetry.tracing());
    }

    private LabelReading reading(TopicInfo transactions) {
        return new LabelReading(parts.plan().schema().maxAhead(), names(transactions));
    }

    private AccountNames names(TopicInfo transactions) {
        return pseudonyms.names(parts.partitioner(), transactions.partitions());
    }

    private static ActorSystem<Void> system(Config config) {
        try {
            return ActorSystem.create(Behaviors.empty(), "outrider", config);
        } catch (RemoteTransportException e) {
            Config artery = config.getConfig("pekko.remote.artery.canonical");
            throw new IllegalStateException(
                    "cannot listen for other nodes on " + artery.getString("hostname") + ":" + artery.getInt("port")
                            + ": is the address this machine's, and the port free?",
                    e);
        }
    }

    private int listen() {
        HttpPorts http = new HttpPorts(
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                ports,
                metrics,
                parts.plan().schema(),
                ports,
                telemetry.tracing());
        HttpApi.Surface surface =
                parts.roles().contains(Role.API) ? HttpApi.Surface.EVERYTHING : HttpApi.Surface.OPERATIONS;
        HttpApi api = new HttpApi(system, parts.http(), http, parts.clock());
        telemetry.export(api.metrics());
        api.bindOperations().ifPresent(opening -> stopWith("health and metrics", StopSteps.await(opening, BIND_LIMIT)));
        ServerBinding binding = StopSteps.await(api.bind(surface), BIND_LIMIT);
        stopWith("API", binding);
        return binding.localAddress().getPort();
    }

    private void stopWith(String what, ServerBinding binding) {
        stopping.pushStage(what, () -> binding.terminate(Duration.ofSeconds(1)));
    }
}
