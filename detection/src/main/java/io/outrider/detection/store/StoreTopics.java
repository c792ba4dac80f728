package io.outrider.detection.store;

import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.alert.ScoredEventCodec;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelDecoder;
import io.outrider.core.event.LabelReading;
import io.outrider.detection.protocol.SourceLog;
import io.outrider.lake.alert.StoreWriter;
import io.outrider.lake.alert.StoredRow;
import io.outrider.lake.alert.StoredTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that the store is made of, and what a record of each is as a row. For one thread. */
final class StoreTopics {

    private static final Logger LOG = LoggerFactory.getLogger(StoreTopics.class);

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final LabelDecoder labels;

    /** A topic's incarnation, and the table that its records belong to. */
    private record Kind(StoredTable table, String generation) {}

    /**
     * Asks for the topics' incarnations; IOException if they cannot be had.
     *
     * @param reading how labels are understood
     */
    StoreTopics(SourceLog alerts, SourceLog labels, Optional<SourceLog> scored, LabelReading reading)
            throws IOException {
        kinds.put(alerts.topic(), new Kind(StoredTable.ALERTS, alerts.generation()));
        kinds.put(labels.topic(), new Kind(StoredTable.LABELS, labels.generation()));
        if (scored.isPresent()) {
            kinds.put(
                    scored.get().topic(),
                    new Kind(StoredTable.REVIEWS, scored.get().generation()));
        }
        this.labels = reading.decoder();
    }

    Iterable<String> names() {
        return kinds.keySet();
    }

    String generation(String topic) {
        return kind(topic).generation();
    }

    /** Hands the record's row, if it has one, to the writer. */
    void take(ConsumerRecord<byte[], byte[]> record, StoreWriter writer) {
        Kind kind = kind(record.topic());
        byte[] value = record.value();
        if (value == null) {
            return;
        }
        try {
            StoredRow row = row(kind, record, value);
            if (row != null) {
                writer.take(kind.table(), row);
            }
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "{}-{} offset {} is not stored: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }

    /** A bad label is a dead letter already, by whoever makes merchant-risk tables. */
    private @Nullable StoredRow row(Kind kind, ConsumerRecord<byte[], byte[]> record, byte[] value) {
        return switch (kind.table()) {
            case ALERTS -> StoredRow.of(AlertCodec.decode(value));
            case REVIEWS -> {
                ScoredEvent event = ScoredEventCodec.decode(value);
                yield event.review() ? StoredRow.of(event) : null;
            }
            case LABELS ->
                labels.decode(value, record.timestamp()) instanceof Label label
                        ? StoredRow.of(kind.generation() + "-" + record.partition() + "-" + record.offset(), label)
                        : null;
        };
    }

    private Kind kind(String topic) {
        Kind kind = kinds.get(topic);
        if (kind == null) {
            throw new IllegalStateException("a record of topic " + topic + ", which was not asked for");
        }
        return kind;
    }
}
