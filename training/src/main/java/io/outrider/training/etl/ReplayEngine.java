package io.outrider.training.etl;

import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.util.List;

/** Where partitions are replayed: in threads of this process, or in tasks of a cluster for batch work. */
@FunctionalInterface
public interface ReplayEngine {

    /** Replays them all; the results, in the same order. Takes over what was finished before. */
    List<PartitionResult> replay(List<PartitionUnit> units, Progress progress) throws IOException;
}
