package io.outrider.app.node;

import io.outrider.core.decision.AlertSettings;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.erasure.ErasureList;
import io.outrider.core.event.LabelReading;
import io.outrider.core.port.NodeStatus;
import io.outrider.core.pseudonym.AccountNames;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.Detection;
import io.outrider.detection.DetectionParts;
import io.outrider.detection.DetectionSettings;
import io.outrider.detection.PartitionPlaces;
import io.outrider.detection.erasure.ErasureDesk;
import io.outrider.detection.erasure.RemainingAlerts;
import io.outrider.detection.risk.RiskAggregation;
import io.outrider.detection.risk.RiskSettings;
import io.outrider.detection.rollout.Backtesting;
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
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.capture.CaptureWriter;
import io.outrider.ingestion.kafka.BrokerWatch;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaErasures;
import io.outrider.ingestion.kafka.KafkaIntake;
import io.outrider.ingestion.kafka.KafkaLabels;
import io.outrider.ingestion.kafka.StreamCheck;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.ingestion.kafka.TransactionSource;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.past.LakeDecisions;
import io.outrider.training.run.SupervisedTraining;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a node is made of, opened and wired once it has joined its cluster: from the end of the data's way to its beginning, detection,
 * then the stream that feeds it. Stopping goes the other way, so that what was taken in is made durable. For one thread.
 */
final class NodeWiring {

    private final NodeParts parts;
    private final ActorSystem<Void> system;
    private final StopSteps stopping;
    private final BatchJobs.Observed observed;
    private final PseudonymKey pseudonyms;

    NodeWiring(
            NodeParts parts,
            ActorSystem<Void> system,
            StopSteps stopping,
            BatchJobs.Observed observed,
            PseudonymKey pseudonyms) {
        this.parts = parts;
        this.system = system;
        this.stopping = stopping;
        this.observed = observed;
        this.pseudonyms = pseudonyms;
    }

    /** Opens what the node needs, waiting for what is not there yet, and wires it; what the API is to ask. */
    LatePorts.Running wire(NodeStart start) throws IOException, InterruptedException {
        Storage storage = start.until("the lake", () -> parts.storage().open());
        Topics topics = start.until("the broker", () -> StreamCheck.open(parts.kafka()));
        stopping.push("topics", topics::close);
        StreamCheck stream = new StreamCheck(parts.kafka(), topics);
        // The API turns bad events away itself; the others' go to the dead letters.
        boolean rejects =
                parts.roles().contains(Role.DETECTION) || parts.roles().contains(Role.BATCH);
        TopicInfo transactions = start.until("the broker", () -> stream.transactions(rejects));
        BrokerWatch broker = BrokerWatch.start(system, parts.kafka(), topics);
        stopping.push("broker watch", broker::close);
        capture(storage);
        Detection detection = start.until("detection", () -> detection(storage, transactions, topics));
        stopping.push("detection", detection::close);
        aggregateRisk(storage, topics, transactions);
        BatchJobs jobs = BatchJobs.join(system, parts, storage.lake(), transactions, observed);
        stopping.pushStage("batch jobs", () -> jobs.drain(parts.stopLimit()));
        DatasetKeeping.join(system, parts, storage.lake(), transactions.name());
        MlflowDelivery.join(system, parts, storage.lake(), observed);
        ErasureDesk erasures = start.until("the list of erasures", () -> erasures(storage, transactions, stream));
        RemainingAlerts alerts = new RemainingAlerts(detection.alerts(), erasures);
        AlertStore store =
                start.until("the alert store", () -> alertStore(storage, topics, transactions, alerts, erasures));
        callWebhooks(storage, topics, transactions);
        LabelledCases labelled = new LabelledCases(store);
        LakeRollouts rollouts = detection.rollouts(labelled);
        watchRollouts(storage, labelled, jobs);
        KafkaIntake intake = new KafkaIntake(parts.kafka(), transactions, reading(), parts.clock());
        stopping.push("intake", intake::close);
        KafkaLabels labels = new KafkaLabels(parts.kafka(), labelReading(transactions), parts.clock());
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
                new BrokerStatus(
                        parts.roles().contains(Role.DETECTION) ? stream(transactions, detection) : detection.status(),
                        broker),
                erasures);
        return pseudonyms.isOn() ? PseudonymousPorts.over(running, names(transactions)) : running;
    }

    /** By one node of role batch. */
    private void aggregateRisk(Storage storage, Topics topics, TopicInfo transactions) {
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
                        labelReading(transactions),
                        parts.kafka().adminProperties(),
                        observed.metrics(),
                        parts.clock()));
    }

    /** By one node of role batch. */
    private void callWebhooks(Storage storage, Topics topics, TopicInfo transactions) {
        Webhooks.join(
                system,
                Role.BATCH.wireName(),
                WebhookSettings.from(parts.config(), System.getenv()),
                new Webhooks.Parts(
                        storage.lake(),
                        transactions.name(),
                        new TopicLog(parts.kafka().topics().alerts(), topics),
                        parts.kafka().adminProperties(),
                        observed.metrics(),
                        observed.tracing(),
                        parts.clock()));
    }

    /** By one node of role batch. */
    private void watchRollouts(Storage storage, LabelledCases labelled, BatchJobs jobs) {
        RolloutWatching.join(
                system,
                Role.BATCH.wireName(),
                RolloutSettings.from(parts.config()),
                new RolloutWatching.Parts(
                        storage.lake(),
                        parts.plan(),
                        labelled,
                        new Retraining(jobs.runs(), SupervisedTraining.KIND),
                        new Backtesting(jobs.runs(), () -> BatchJobs.newest(parts, storage.lake())),
                        observed.metrics(),
                        parts.clock()));
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
                labelReading(transactions),
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
            CaptureWriter writer =
                    new CaptureWriter(parts.kafka(), settings, storage.lake(), observed.metrics(), parts.clock());
            stopping.push("capture", writer::close);
            writer.start();
        }
    }

    private NodeStatus stream(TopicInfo transactions, Detection detection) {
        TransactionSource source = new TransactionSource(
                system, parts.kafka(), transactions, reading(), new DetectionOwner(detection, observed.metrics()));
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
                        new TopicHistory(
                                parts.kafka(),
                                topics,
                                transactions,
                                CaptureSettings.from(parts.config()).files(storage.lake(), transactions.name()),
                                new EventReading(parts.plan().schema(), parts.partitioner(), pseudonyms, Tracing.OFF)),
                        storage.context(),
                        transactions.partitions(),
                        pseudonyms,
                        account -> parts.partitioner().partition(account, transactions.partitions()),
                        new DetectionParts.Topics(
                                parts.kafka().topics().alerts(),
                                parts.kafka().topics().deadLetters(),
                                parts.kafka().topics().scoredTransactions()),
                        parts.kafka().adminProperties(),
                        observed.metrics(),
                        parts.clock()));
    }

    private EventReading reading() {
        return new EventReading(parts.plan().schema(), parts.partitioner(), pseudonyms, observed.tracing());
    }

    private LabelReading labelReading(TopicInfo transactions) {
        return new LabelReading(parts.plan().schema().maxAhead(), names(transactions));
    }

    private AccountNames names(TopicInfo transactions) {
        return pseudonyms.names(parts.partitioner(), transactions.partitions());
    }
}
