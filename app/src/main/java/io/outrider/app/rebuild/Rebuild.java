package io.outrider.app.rebuild;

import io.outrider.app.command.CommandException;
import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.EventGroup;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.scoring.PartitionFold;
import io.outrider.detection.scoring.SharedScorer;
import io.outrider.ingestion.capture.CaptureReplay;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.PartitionReader;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.capture.CaptureGapException;
import io.outrider.lake.checkpoint.AccountBytes;
import io.outrider.lake.checkpoint.CheckpointManifest;
import io.outrider.lake.checkpoint.CheckpointReplacement;
import io.outrider.lake.checkpoint.CheckpointReplacement.Rebuilt;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.risk.RiskFiles;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds partitions of the transactions topic: folds their log from its first record up to where the old checkpoint
 * was, publishing nothing, and makes the result their checkpoint. What lies behind is then decided by the nodes as usual.
 * What the topic has no more can be taken from Capture files.
 */
final class Rebuild {

    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

    private final KafkaSettings kafka;
    private final Topics topics;
    private final TopicInfo topic;
    private final BlobStore lake;
    private final WantedPlan wanted;
    private final ModelFiles models;
    private final EventReading reading;
    private final PartitionReader reader;
    private final Choices choices;

    /**
     * What the log and the old checkpoint leave open.
     *
     * @param model version of the model to decide under; null for the old checkpoint's, or its plan's champion or newest
     * @param until offset to build up to; null for where the old checkpoint was
     * @param acceptLossBefore offset that the log may have lost everything below of; null if it may have lost nothing
     * @param acceptNewTopic whether to begin anew with a topic that was recreated
     * @param capture where what the topic has no more is to be found; null: nowhere
     */
    record Choices(
            @Nullable String model,
            @Nullable Long until,
            @Nullable Long acceptLossBefore,
            boolean acceptNewTopic,
            @Nullable CaptureSettings capture) {}

    /**
     * What is to be done for a partition: records of [from, logFrom) come from Capture files, those of [logFrom, to) from
     * the topic.
     */
    record Task(
            int partition,
            CheckpointReplacement checkpoint,
            FeaturePlan plan,
            long from,
            long logFrom,
            long to,
            Contexts contexts) {}

    /** What was done: records of [from, to) folded, events good ones among them. */
    record Result(int partition, long from, long to, long events, int accounts, long epoch, ContextRef context) {}

    Rebuild(
            KafkaSettings kafka,
            Topics topics,
            EventReading reading,
            BlobStore lake,
            WantedPlan wanted,
            Choices choices)
            throws IOException {
        this.kafka = kafka;
        this.topics = topics;
        this.topic = topics.describe(kafka.topics().transactions());
        this.lake = lake;
        this.wanted = wanted;
        this.models = new ModelFiles(lake, wanted.own().name());
        this.reading = reading;
        this.reader = new PartitionReader(kafka, topic, reading);
        this.choices = choices;
    }

    int partitions() {
        return topic.partitions();
    }

    /** Looks at a partition without changing anything; CommandException if it cannot be rebuilt as things are. */
    Task plan(int partition) throws IOException {
        CheckpointReplacement checkpoint = new CheckpointReplacement(lake, topic.name(), partition);
        CheckpointManifest old = checkpoint.manifest().orElse(null);
        boolean recreated = old != null && !old.generation().equals(topic.generation());
        if (recreated && !choices.acceptNewTopic()) {
            throw refused(
                    partition,
                    "topic " + topic.name() + " was recreated, so nothing below its checkpoint is left"
                            + "; --accept-new-topic begins anew with what it has now");
        }
        long start = topics.startOffset(topic.name(), partition);
        long end = topics.endOffset(topic.name(), partition);
        long from = recreated ? start : from(partition, start);
        long to = recreated ? start : Math.min(end, to(partition, checkpoint));
        if (to < from) {
            throw refused(
                    partition, "its checkpoint was at offset " + to + ", below " + from + ", where the log starts");
        }
        FeaturePlan plan = plan(partition, old);
        return new Task(
                partition,
                checkpoint,
                plan,
                from,
                Math.min(Math.max(start, from), to),
                to,
                Contexts.of(old, choices.model(), plan, reading.pseudonyms(), wanted));
    }

    private FeaturePlan plan(int partition, @Nullable CheckpointManifest old) {
        try {
            return wanted.of(old);
        } catch (IOException e) {
            throw refused(
                    partition,
                    "the feature plan that its states were of cannot be had: " + e.getMessage()
                            + "; --plan says of which they are to be");
        }
    }

    /** Does it; {@code progress} takes the share that is done. */
    Result run(Task task, DoubleConsumer progress) throws IOException {
        SharedScorer scorer = new SharedScorer(
                task.plan(), models, new RiskFiles(lake, topic.name())::table, ScoredEvents.OFF, new LiveMetrics());
        for (ContextRef context : task.contexts().all()) {
            scorer.load(context);
        }
        PartitionFold fold = new PartitionFold(scorer, topic.generation(), task.partition(), task.contexts()::at);
        Consumer<EventGroup> taker = group -> {
            fold.take(group);
            progress.accept((group.nextOffset() - task.from()) / (double) (task.to() - task.from()));
        };
        if (task.logFrom() > task.from()) {
            readCaptured(task, taker);
        }
        if (task.to() > task.logFrom()) {
            reader.read(task.partition(), task.logFrom(), task.to(), taker);
        }
        List<AccountBytes> states = fold.states();
        CheckpointManifest written = task.checkpoint()
                .write(new Rebuilt(
                        topic.generation(),
                        reading.pseudonyms().statesOf(task.plan().fingerprint()),
                        task.to(),
                        task.contexts().at(task.to()),
                        task.contexts().from(task.to()),
                        states));
        if (task.checkpoint().historyDamage() != null) {
            LOG.warn(
                    "The history of contexts of partition {} begins anew at offset {}: {}",
                    task.partition(),
                    task.to(),
                    task.checkpoint().historyDamage());
        }
        return new Result(
                task.partition(),
                task.from(),
                task.to(),
                fold.events(),
                states.size(),
                written.epoch(),
                written.context());
    }

    private void readCaptured(Task task, Consumer<EventGroup> taker) throws IOException {
        CaptureSettings settings = Objects.requireNonNull(choices.capture(), "else we begin where the log does");
        CaptureReplay captured = new CaptureReplay(settings.files(lake, topic.name()), topic, reading);
        try {
            long end = captured.read(task.partition(), task.from(), task.logFrom(), taker);
            if (end < task.logFrom()) {
                throw refused(
                        task.partition(),
                        "its Capture files end at offset " + end + ", and its log starts at " + task.logFrom()
                                + "; --accept-loss-before " + task.logFrom() + " builds them from what is left");
            }
        } catch (CaptureGapException e) {
            throw refused(
                    task.partition(),
                    e.getMessage() + "; --accept-loss-before " + e.found() + " builds them from what is left");
        }
    }

    private long from(int partition, long start) {
        Long accepted = choices.acceptLossBefore();
        if (choices.capture() != null) {
            return accepted == null ? 0 : accepted;
        }
        if (start > 0 && (accepted == null || accepted < start)) {
            throw refused(
                    partition,
                    "its log starts at offset " + start + ", so the states cannot be built whole"
                            + "; --from-capture reads what came before from Capture files, and --accept-loss-before "
                            + start + " builds them from what is left");
        }
        return accepted == null ? start : Math.max(start, accepted);
    }

    private long to(int partition, CheckpointReplacement checkpoint) throws IOException {
        Long until = choices.until();
        if (until != null) {
            return until;
        }
        CheckpointManifest old = checkpoint.manifest().orElse(null);
        if (old != null) {
            return old.nextOffset();
        }
        OptionalLong committed = topics.committedOffset(kafka.groupId(), topic.name(), partition);
        return committed.orElseThrow(() -> refused(
                partition,
                checkpoint.damage() + ", and group " + kafka.groupId()
                        + " has committed no offset: --until OFFSET says up to where it was processed"));
    }

    private static CommandException refused(int partition, String why) {
        return new CommandException("partition " + partition + " is not rebuilt: " + why);
    }
}
