package io.outrider.ingestion.kafka;

import io.outrider.core.event.EventGroup;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Sink;

/** Whoever takes the events of assigned partitions: detection, seen from here. Thread-safe. */
public interface PartitionOwner {

    /**
     * Claims assigned partitions and says from which offset each is to be read. Called again for partitions that it
     * owns when their streams have failed, and after a claim that has failed, following a pause.
     */
    CompletionStage<Map<Integer, Long>> claim(Set<Integer> partitions);

    /**
     * The streams of these claimed partitions end: they were revoked, or the consumer stops or restarts. What they still
     * bring need not be taken, and how they end does not matter.
     */
    void release(Set<Integer> partitions);

    /**
     * A claimed partition's stream has ended because the node stops; completes, never with a failure, when all that it
     * took is durable or is given up. Until then the partition is not handed over.
     */
    CompletionStage<Done> finish(int partition);

    /** Takes one claimed partition's groups in offset order. When the stage fails, the partition is claimed again. */
    Sink<EventGroup, CompletionStage<Done>> sink(int partition);

    /** Per partition the offset below which all is durable; for lag monitoring only. Must not block. */
    Map<Integer, Long> committedOffsets();

    /** Where the logs of assigned partitions end, as the broker last said; for lag monitoring only. Must not block. */
    void logEnds(Map<Integer, Long> offsets);
}
