package io.outrider.ingestion.redrive;

import io.outrider.core.event.DeadLetterHeaders;
import io.outrider.ingestion.kafka.Coordinates;
import io.outrider.ingestion.kafka.TopicInfo;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter as people refer to it.
 *
 * @param partition of the dead-letters topic
 * @param offset within that partition; with it what a mend file names
 * @param timeMs when it became one, milliseconds since the epoch
 * @param reason why, or empty if the record says nothing
 * @param source where it lay, {@code TOPIC/PARTITION/OFFSET}
 */
public record Letter(int partition, long offset, long timeMs, String reason, String detail, String source) {

    static Letter of(ConsumerRecord<byte[], byte[]> record) {
        return new Letter(
                record.partition(),
                record.offset(),
                record.timestamp(),
                header(record, DeadLetterHeaders.REASON),
                header(record, DeadLetterHeaders.DETAIL),
                header(record, DeadLetterHeaders.SOURCE_TOPIC) + "/"
                        + header(record, DeadLetterHeaders.SOURCE_PARTITION) + "/"
                        + header(record, DeadLetterHeaders.SOURCE_OFFSET));
    }

    /** The topic it lay on, or empty if the record says nothing. */
    String topic() {
        return source.substring(0, source.indexOf('/'));
    }

    /**
     * What a letter stands for, the same for every copy of it: its source record, the generation being that of the
     * source topic after its name (empty if the letter doesn't say). A letter that names no source is its own.
     */
    static Coordinates source(ConsumerRecord<byte[], byte[]> record, TopicInfo letters) {
        try {
            return new Coordinates(
                    header(record, DeadLetterHeaders.SOURCE_TOPIC) + "/"
                            + header(record, DeadLetterHeaders.SOURCE_GENERATION),
                    Integer.parseInt(header(record, DeadLetterHeaders.SOURCE_PARTITION)),
                    Long.parseLong(header(record, DeadLetterHeaders.SOURCE_OFFSET)));
        } catch (NumberFormatException e) {
            return new Coordinates(letters.name() + "/" + letters.generation(), record.partition(), record.offset());
        }
    }

    /** A time before which its source was put back by nobody, milliseconds since the epoch. */
    static long sourceTimeMs(ConsumerRecord<byte[], byte[]> record) {
        try {
            long sourceMs = Long.parseLong(header(record, DeadLetterHeaders.SOURCE_APPEND_TIME));
            return Math.max(0, Math.min(sourceMs, record.timestamp()));
        } catch (NumberFormatException e) {
            return record.timestamp();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
