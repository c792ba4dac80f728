package io.outrider.ingestion.redrive;

import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.ingestion.kafka.BulkProducer;
import io.outrider.ingestion.kafka.Coordinates;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.TopicTail;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts dead letters back onto the topic that they came from, transactions or labels, with their original (or mended) bytes, by
 * account.
 *
 * <p>Delivery: each at most once, however often it is run or interrupted: a record put back carries the header
 * {@value #HEADER} with the coordinates of the letter's source, and a run first reads both topics, from the time of
 * the oldest source in question, for such headers. Letters are published at least once: two of one source are
 * one, and a mend for either is a mend for both. Two runs at the same time don't see each other: run one.
 */
public final class Redrive {

    /** On every record put back: {@code TOPIC/GENERATION/PARTITION/OFFSET} of its dead letter's source. */
    public static final String HEADER = "outrider-redriven-from";

    /** What became, or would become, of a letter. */
    public enum Outcome {
        /** It is on its topic again; in a dry run, it would be. */
        REDRIVEN,
        /** It was put back before: by an earlier run, or for another letter of the same source. */
        ALREADY_REDRIVEN,
        /** It still is no valid event, or no valid label. */
        STILL_BAD
    }

    /** What to put back and how; a dry run changes nothing. */
    public record Request(Selection selection, Mends mends, boolean dryRun) {}

    /**
     * One letter's outcome.
     *
     * @param rejection why it is still bad, or null
     */
    public record Result(
            Letter letter, Outcome outcome, @Nullable Rejection rejection) {}

    /** Counts of a run: letters read, letters selected, and what became of those. */
    public record Report(
            long examined, long selected, long redriven, long alreadyRedriven, Map<RejectionReason, Long> stillBad) {}

    private final KafkaSettings kafka;
    private final EventReading reading;
    private final Clock clock;

    public Redrive(KafkaSettings kafka, EventReading reading, Clock clock) {
        this.kafka = kafka;
        this.reading = reading;
        this.clock = clock;
    }

    /**
     * Goes through the dead letters there are now; everything put back is acknowledged when it returns.
     *
     * @param each told of every selected letter; one put back may not be acknowledged yet
     */
    public Report run(Request request, Consumer<Result> each) throws IOException {
        try (Topics topics = new Topics(kafka);
                BulkProducer producer = new BulkProducer(kafka)) {
            TopicInfo letters = topics.describe(kafka.topics().deadLetters());
            TopicInfo transactions = topics.describe(kafka.topics().transactions());
            Returns returns = new Returns(kafka.topics().labels(), transactions, reading, clock);
            Run run = new Run(request, letters, returns, producer, each);
            TopicTail tail = new TopicTail(kafka, letters);
            long oldest = tail.oldestTimeMs(request.selection().from());
            tail.read(oldest, run::prepare);
            run.noteRedriven(transactions, run.oldestEventMs);
            if (run.oldestLabelMs < Long.MAX_VALUE) {
                run.noteRedriven(topics.describe(kafka.topics().labels()), run.oldestLabelMs);
            }
            tail.read(oldest, run::take);
            producer.flush();
            return run.report();
        }
    }

    /** One pass over the letters. */
    private final class Run {

        private final Request request;
        private final TopicInfo letters;
        private final Returns returns;
        private final BulkProducer producer;
        private final Consumer<Result> each;
        private final Set<Coordinates> redrivenBefore = new HashSet<>();
        private final Map<Coordinates, byte[]> mends = new HashMap<>();
        private long oldestEventMs = Long.MAX_VALUE;
        private long oldestLabelMs = Long.MAX_VALUE;
        private final Map<RejectionReason, Long> stillBad = new EnumMap<>(RejectionReason.class);
        private long examined;
        private long selected;
        private long redriven;
        private long alreadyRedriven;

        Run(Request request, TopicInfo letters, Returns returns, BulkProducer producer, Consumer<Result> each) {
            this.request = request;
            this.letters = letters;
            this.returns = returns;
            this.producer = producer;
            this.each = each;
        }

        /** Notes a letter's mend for its source, and since when that may have been put back. */
        void prepare(ConsumerRecord<byte[], byte[]> record) {
            Letter letter = Letter.of(record);
            byte[] mended = request.mends().valueOf(letter);
            if (mended != null) {
                mends.put(Letter.source(record, letters), mended);
            }
            long sourceMs = Letter.sourceTimeMs(record);
            if (returns.isLabel(letter)) {
                oldestLabelMs = Math.min(oldestLabelMs, sourceMs);
            } else {
                oldestEventMs = Math.min(oldestEventMs, sourceMs);
            }
        }

        void noteRedriven(TopicInfo topic, long fromMs) throws IOException {
            new TopicTail(kafka, topic).read(fromMs, record -> {
                Coordinates from = Coordinates.of(record.headers(), HEADER);
                if (from != null) {
                    redrivenBefore.add(from);
                }
            });
        }

        void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
            examined++;
            Letter letter = Letter.of(record);
            boolean elsewhere = request.selection()
                    .partition()
                    .filter(p -> p != letter.partition())
                    .isPresent();
            if (elsewhere || !request.selection().includes(letter)) {
                return;
            }
            selected++;
            Coordinates from = Letter.source(record, letters);
            if (redrivenBefore.contains(from)) {
                alreadyRedriven++;
                each.accept(new Result(letter, Outcome.ALREADY_REDRIVEN, null));
                return;
            }
            putBack(letter, from, record.value());
        }

        private void putBack(Letter letter, Coordinates from, byte @Nullable [] original) throws IOException {
            byte[] mended = mends.get(from);
            Returns.Return back = returns.of(letter, mended != null ? mended : original);
            Rejection rejection = back.rejection();
            ProducerRecord<byte[], byte[]> again = back.record();
            if (rejection != null) {
                stillBad.merge(rejection.reason(), 1L, Long::sum);
                each.accept(new Result(letter, Outcome.STILL_BAD, rejection));
            } else if (again != null) {
                if (!request.dryRun()) {
                    again.headers().add(HEADER, from.bytes());
                    producer.send(again);
                }
                redrivenBefore.add(from);
                redriven++;
                each.accept(new Result(letter, Outcome.REDRIVEN, null));
            }
        }

        Report report() {
            return new Report(examined, selected, redriven, alreadyRedriven, Map.copyOf(stillBad));
        }
    }
}
