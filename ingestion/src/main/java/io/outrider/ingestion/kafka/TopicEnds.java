package io.outrider.ingestion.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** When a read that goes no further than a topic's ends, as they were when it began, is done. */
public final class TopicEnds {

    private TopicEnds() {}

    /** True if the consumer has passed everything below the end offset of each partition. */
    public static boolean reached(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (consumer.position(end.getKey()) < end.getValue()) {
                return false;
            }
        }
        return true;
    }
}
