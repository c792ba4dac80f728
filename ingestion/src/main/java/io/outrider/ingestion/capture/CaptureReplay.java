package io.outrider.ingestion.capture;

import io.outrider.core.event.EventGroup;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.GroupBuilder;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.capture.CapturedLog;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Reads a stretch of a partition from its Capture files, decoded as the live stream decodes it. Append times are whole
 * seconds, which is all that a decision looks at. Calls block. For one thread.
 */
public final class CaptureReplay {

    private static final int GROUP_EVENTS = 5_000;

    private final CaptureFiles files;
    private final TopicInfo topic;
    private final EventReading reading;

    public CaptureReplay(CaptureFiles files, TopicInfo topic, EventReading reading) {
        this.files = files;
        this.topic = topic;
        this.reading = reading;
    }

    /**
     * Gives the records of [from, to) that the files have, in groups, in order.
     *
     * @return one past the last of them: less than {@code to} where the files end before
     * @throws io.outrider.lake.capture.CaptureGapException if records are missing between others, or at the beginning
     */
    public long read(int partition, long from, long to, Consumer<EventGroup> taker) throws IOException {
        GroupBuilder builder = new GroupBuilder(topic, partition, reading);
        try (CapturedLog log = new CapturedLog(files, partition, topic.generation(), from)) {
            while (log.position() < to) {
                CapturedEvent event = log.next();
                if (event == null) {
                    break;
                }
                builder.add(record(partition, event));
                if (builder.size() == GROUP_EVENTS) {
                    taker.accept(builder.take());
                }
            }
            if (builder.size() > 0) {
                taker.accept(builder.take());
            }
            return log.position();
        }
    }

    /** Sizes are of no use to anybody here. */
    private ConsumerRecord<byte[], byte[]> record(int partition, CapturedEvent event) {
        return new ConsumerRecord<>(
                topic.name(),
                partition,
                event.sequenceNumber(),
                event.enqueuedTimeMs(),
                TimestampType.LOG_APPEND_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                event.kafkaKey(),
                event.body(),
                new RecordHeaders(),
                Optional.empty());
    }
}
