package io.outrider.training.etl;

import io.outrider.lake.capture.CaptureFileName;
import io.outrider.training.dataset.PartitionProgress;
import java.util.List;

/** A partition's share of the work: where it goes on, and with which files, at least one. */
public record PartitionWork(PartitionProgress from, List<CaptureFileName> names) {}
