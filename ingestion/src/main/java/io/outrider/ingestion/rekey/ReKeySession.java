package io.outrider.ingestion.rekey;

import io.outrider.core.event.CutLetter;
import io.outrider.ingestion.kafka.Coordinates;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the re-keying stage. Delivery: every ingress record is on the log exactly once, as a copy or as a dead
 * letter, in its source partition's order, whatever crashes when. A dead letter too large for the broker is cut, and
 * may come behind later ones.
 *
 * <p>Why: a source offset is committed only after everything below it is acknowledged, so none is missing. The commit
 * carries {@link Floors}, offsets of the outputs below which only copies of earlier records lie: everything later was,
 * or will be, appended behind what was acknowledged then. Whoever takes the partition over reads the outputs from there
 * to their end, finds by its {@link Coordinates} every copy made since, and skips those, so none is doubled. The first
 * session commits before it copies anything, so there is always a commit to start from. What the dead process's last
 * requests still bring about must have happened before the search: the {@code settle} pause sees to that. No Kafka
 * transactions are needed.
 *
 * <p>What remains: a process frozen for longer than its membership lasts, with records in its producer's buffer, may on
 * thawing append those once more before its next poll tells it that others have taken over. Such a copy has the same
 * {@link Coordinates} as the first.
 *
 * <p>For one thread.
 */
final class ReKeySession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReKeySession.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LEAVE = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ReKeySettings settings;
    private final Copies copies;
    private final Outputs outputs;
    private final ReKeyer.Counters counters;
    private final AtomicLongArray floors;
    private final AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
    private final Queue<ProducerRecord<byte[], byte[]>> tooLarge = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, SourceProgress> sources = new HashMap<>();

    /** Called at every {@link CrashPoint}; a test throws from it. */
    private Consumer<CrashPoint> at = point -> {};

    private boolean alive = true;
    private boolean newlyAssigned;

    ReKeySession(KafkaSettings kafka, ReKeySettings settings, Copies copies, ReKeyer.Counters counters) {
        this.settings = settings;
        this.copies = copies;
        this.counters = counters;
        this.outputs = new Outputs(kafka, copies.transactions, copies.deadLetters);
        this.floors = new AtomicLongArray(outputs.size());
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
        this.producer = new KafkaProducer<>(kafka.bulkProducerProperties());
        this.consumer = new KafkaConsumer<>(properties);
    }

    void at(Consumer<CrashPoint> action) {
        at = action;
    }

    /** Copies until told to stop; then commits. Whatever it throws is like a crash: it commits nothing more. */
    void run(BooleanSupplier stopped) throws IOException {
        try {
            consumer.subscribe(List.of(copies.ingress.name()), new Assignments());
            long nextCommit = System.nanoTime();
            while (!stopped.getAsBoolean()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (newlyAssigned) {
                    newlyAssigned = false;
                    commitSources(); // a first commit must exist before the first copy does
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    copy(record);
                }
                if (System.nanoTime() >= nextCommit) {
                    commit();
                    nextCommit = System.nanoTime() + settings.commitInterval().toNanos();
                }
            }
            commit();
        } catch (IOException | RuntimeException e) {
            alive = false;
            throw e;
        }
    }

    private void copy(ConsumerRecord<byte[], byte[]> record) {
        SourceProgress source = sources.get(new TopicPartition(record.topic(), record.partition()));
        if (source == null) {
            throw new IllegalStateException("a record of a partition that is not ours: " + record.partition());
        }
        if (!source.take(record.offset())) {
            counters.alreadyCopied().increment();
            return;
        }
        ProducerRecord<byte[], byte[]> copy = copies.of(record);
        at.accept(CrashPoint.BEFORE_SEND);
        send(copy);
    }

    private void send(ProducerRecord<byte[], byte[]> copy) {
        boolean deadLetter = copies.isDeadLetter(copy);
        var unused = producer.send(copy, (metadata, failure) -> {
            if (failure != null) {
                if (deadLetter
                        && failure instanceof RecordTooLargeException
                        && CutLetter.helps(copy.key(), copy.value())) {
                    tooLarge.add(copy);
                } else {
                    refused.compareAndSet(null, failure);
                }
                return;
            }
            int output = deadLetter
                    ? outputs.ofDeadLetters(metadata.partition())
                    : outputs.ofTransactions(metadata.partition());
            floors.accumulateAndGet(output, metadata.offset() + 1, Math::max);
            (deadLetter ? counters.deadLetters() : counters.copied()).increment();
        });
    }

    /** Waits until everything sent is acknowledged or refused for good. */
    private void flush() {
        producer.flush();
        for (ProducerRecord<byte[], byte[]> letter = tooLarge.poll(); letter != null; letter = tooLarge.poll()) {
            send(Copies.cut(letter));
        }
        producer.flush();
    }

    /** Waits for all acknowledgements, then commits the source offsets with the floors as of now. */
    private void commit() throws IOException {
        at.accept(CrashPoint.BEFORE_FLUSH);
        flush();
        Exception failure = refused.get();
        if (failure != null) {
            throw new IOException("a copy could not be appended: " + failure.getMessage(), failure);
        }
        at.accept(CrashPoint.BEFORE_COMMIT);
        commitSources();
        at.accept(CrashPoint.AFTER_COMMIT);
    }

    private void commitSources() {
        long[] now = new long[floors.length()];
        for (int i = 0; i < now.length; i++) {
            now[i] = floors.get(i);
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        sources.forEach((partition, source) -> {
            Floors committed = new Floors(copies.ingress.generation(), source.floors(now));
            offsets.put(partition, new OffsetAndMetadata(source.next(), committed.metadata()));
        });
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets);
        }
    }

    /** Leaves the group; what is not yet acknowledged is abandoned. */
    @Override
    public void close() {
        alive = false;
        producer.close(Duration.ZERO);
        consumer.close(CloseOptions.timeout(LEAVE));
    }

    /** Finds out, for partitions newly ours, where to go on and what has been copied beyond. */
    private final class Assignments implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            if (assigned.isEmpty()) {
                return;
            }
            newlyAssigned = true;
            LockSupport.parkNanos(settings.settle().toNanos());
            long[] ends = outputs.ends();
            for (int i = 0; i < ends.length; i++) {
                floors.accumulateAndGet(i, ends[i], Math::max);
            }
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(assigned));
            long[] lowest = ends.clone();
            for (TopicPartition partition : assigned) {
                SourceProgress source = inherit(committed.get(partition), ends);
                sources.put(partition, source);
                long[] from = source.inheritedFloors();
                for (int i = 0; i < lowest.length; i++) {
                    lowest[i] = Math.min(lowest[i], from[i]);
                }
            }
            outputs.scan(lowest, this::noteCopy);
            goOn(assigned);
        }

        /**
         * A commit of another incarnation of the topic: nothing of this one has been copied. No commit, perhaps because
         * it has expired or was deleted, or a damaged one: search all.
         */
        private SourceProgress inherit(@Nullable OffsetAndMetadata committed, long[] ends) {
            if (committed == null) {
                return new SourceProgress(0, new long[ends.length]);
            }
            Floors known = Floors.parse(committed.metadata(), outputs.size());
            if (known == null) {
                return new SourceProgress(committed.offset(), new long[ends.length]);
            }
            return known.generation().equals(copies.ingress.generation())
                    ? new SourceProgress(committed.offset(), known.offsets())
                    : new SourceProgress(0, ends);
        }

        private void noteCopy(Coordinates found) {
            SourceProgress source = sources.get(new TopicPartition(copies.ingress.name(), found.partition()));
            if (source != null && found.generation().equals(copies.ingress.generation())) {
                source.foundCopyOf(found.offset());
            }
        }

        private void goOn(Collection<TopicPartition> assigned) {
            Map<TopicPartition, Long> oldest = consumer.beginningOffsets(assigned);
            for (TopicPartition partition : assigned) {
                SourceProgress source = Objects.requireNonNull(sources.get(partition));
                long start = oldest.getOrDefault(partition, 0L);
                if (start > source.next()) {
                    LOG.error("{} records of {} were gone before they were copied", start - source.next(), partition);
                    source.skipTo(start);
                }
                consumer.seek(partition, source.next());
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            if (alive && !sources.isEmpty()) {
                flush();
                if (refused.get() == null) {
                    commitSources();
                }
            }
            revoked.forEach(sources::remove);
        }

        /**
         * Others may have copied these partitions by now: what still waits to be sent must not be. The exception leaves
         * the poll and ends this session, and {@link #close} drops the producer's buffer.
         */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            if (alive) {
                alive = false;
                throw new IllegalStateException("lost " + lost + " to other members of the group");
            }
        }
    }
}
