package io.outrider.app.node;

import io.outrider.core.event.EventGroup;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.telemetry.PartitionMetrics;
import io.outrider.detection.Detection;
import io.outrider.ingestion.kafka.PartitionOwner;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Sink;

/** Detection, as ingestion sees it. */
record DetectionOwner(Detection detection, LiveMetrics metrics) implements PartitionOwner {

    @Override
    public CompletionStage<Map<Integer, Long>> claim(Set<Integer> partitions) {
        return detection.claim(partitions);
    }

    @Override
    public void release(Set<Integer> partitions) {
        detection.release(partitions);
    }

    @Override
    public CompletionStage<Done> finish(int partition) {
        return detection.finish(partition);
    }

    @Override
    public Sink<EventGroup, CompletionStage<Done>> sink(int partition) {
        return detection.sink(partition);
    }

    @Override
    public Map<Integer, Long> committedOffsets() {
        return detection.committedOffsets();
    }

    @Override
    public void logEnds(Map<Integer, Long> offsets) {
        offsets.forEach((partition, end) -> {
            PartitionMetrics running = metrics.partitions().get(partition);
            if (running != null) {
                running.logEnds(end);
            }
        });
    }
}
