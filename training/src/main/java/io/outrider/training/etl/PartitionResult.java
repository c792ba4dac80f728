package io.outrider.training.etl;

import io.outrider.training.dataset.CapturedInput;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.Quality;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the replay of a partition's new files has put into the lake, and where it ended. */
public record PartitionResult(
        PartitionProgress progress, List<CapturedInput> captured, List<DataFile> files, Quality quality) {

    /** Names of all files that it has put; the caller's own. */
    Set<String> fileNames() {
        Set<String> names = new HashSet<>();
        files.forEach(file -> names.add(file.name()));
        progress.states().forEach(file -> names.add(file.name()));
        return names;
    }
}
