package io.outrider.app.node;

import io.outrider.core.event.EventGroup;
import io.outrider.detection.protocol.PastLog;
import io.outrider.ingestion.capture.CaptureReplay;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.PartitionReader;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.capture.CaptureFiles;
import java.io.IOException;
import java.util.function.Consumer;

/** The transactions topic from its first record on: what the topic has no more is read from Capture files. */
public record TopicHistory(
        KafkaSettings kafka, Topics topics, TopicInfo topic, CaptureFiles captured, EventReading reading)
        implements PastLog {

    @Override
    public void read(int partition, long from, long to, Consumer<EventGroup> taker) throws IOException {
        long start = topics.startOffset(topic.name(), partition);
        long logFrom = Math.min(Math.max(start, from), to);
        if (logFrom > from) {
            long end = new CaptureReplay(captured, topic, reading).read(partition, from, logFrom, taker);
            if (end < logFrom) {
                throw new IOException("partition " + partition + " of topic " + topic.name() + " starts at offset "
                        + start + ", and its Capture files end at " + end + ": what lies between is lost");
            }
        }
        if (to > logFrom) {
            new PartitionReader(kafka, topic, reading).read(partition, logFrom, to, taker);
        }
    }
}
