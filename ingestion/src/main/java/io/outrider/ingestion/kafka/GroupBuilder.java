package io.outrider.ingestion.kafka;

import io.outrider.core.event.DeadLetter;
import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.EventGroup;
import io.outrider.core.event.LoggedEvent;
import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes the consecutive records of one partition and gathers them into a group. Every record becomes exactly one
 * event or one dead letter. For one thread.
 */
public final class GroupBuilder {

    private final TopicInfo topic;
    private final int partition;
    private final RecordDecoder decoder;
    private final RecordTracing tracing;
    private List<LoggedEvent> events = new ArrayList<>();
    private List<DeadLetter> deadLetters = new ArrayList<>();
    private long nextOffset;

    /** A builder of a partition's groups. */
    public GroupBuilder(TopicInfo topic, int partition, EventReading reading) {
        this.topic = topic;
        this.partition = partition;
        this.decoder = new RecordDecoder(
                reading.schema(), reading.partitioner(), partition, topic.partitions(), reading.pseudonyms());
        this.tracing = new RecordTracing(reading.tracing(), topic.name());
    }

    /** Takes the next record. */
    public void add(ConsumerRecord<byte[], byte[]> record) {
        DecodeResult result = decoder.decode(record.value(), record.timestamp());
        if (result instanceof Transaction transaction) {
            events.add(
                    new LoggedEvent(record.offset(), record.timestamp(), transaction, null, tracing.consumed(record)));
        } else if (result instanceof Erasure erasure) {
            events.add(LoggedEvent.of(record.offset(), record.timestamp(), erasure));
        } else if (result instanceof Rejection rejection) {
            deadLetters.add(new DeadLetter(
                    topic.name(),
                    partition,
                    record.offset(),
                    record.timestamp(),
                    record.key(),
                    record.value(),
                    rejection));
        }
        nextOffset = Math.max(nextOffset, record.offset() + 1); // the consumer may have been set back on the way
    }

    /** Records gathered, good and bad. */
    public int size() {
        return events.size() + deadLetters.size();
    }

    /** The group gathered so far; the builder starts a new one. */
    public EventGroup take() {
        EventGroup group = new EventGroup(partition, events, deadLetters, nextOffset);
        events = new ArrayList<>();
        deadLetters = new ArrayList<>();
        return group;
    }
}
