package io.outrider.app.node;

import io.outrider.detection.protocol.SourceLog;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;

/** The transactions topic, as detection asks about it. */
record TopicLog(String topic, Topics topics) implements SourceLog {

    @Override
    public String generation() throws IOException {
        return topics.describe(topic).generation();
    }

    @Override
    public long startOffset(int partition) throws IOException {
        return topics.startOffset(topic, partition);
    }

    @Override
    public long endOffset(int partition) throws IOException {
        return topics.endOffset(topic, partition);
    }
}
