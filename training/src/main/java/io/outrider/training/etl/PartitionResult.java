package io.outrider.training.etl;

import io.outrider.training.dataset.CapturedInput;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.dataset.Quality;
import java.util.List;

/** What the replay of a partition's new files has put into the lake, and where it ended. */
public record PartitionResult(
        PartitionProgress progress, List<CapturedInput> captured, List<DataFile> files, Quality quality) {}
