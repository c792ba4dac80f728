package io.outrider.training.distributed;

import io.outrider.lake.capture.CaptureFileName;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.PartitionUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition's share of a run, as another node is told of it; the rest is in that node's own settings, and its files in the
 * lake. As long for a hundred days of files as for one.
 *
 * @param folder where it goes in the lake, named after all that goes into it, every file, too: a node that would name it
 *     otherwise refuses
 * @param origin what the dataset is of
 * @param acceptMissingRisk whether an older merchant-risk table may stand for one that is gone
 * @param from where the partition goes on
 * @param files none. Earlier programs name all files here, and refuse an order that names none
 * @param captured which files; null from an earlier program
 */
record ReplayOrder(
        String folder,
        DatasetOrigin origin,
        boolean acceptMissingRisk,
        PartitionProgress from,
        List<String> files,
        @Nullable Captured captured) {

    /**
     * The partition's files from where it goes on to the last one.
     *
     * @param count how many there are
     * @param last path of the last one
     */
    record Captured(int count, String last) {}

    ReplayOrder {
        files = List.copyOf(files);
    }

    static ReplayOrder of(PartitionUnit unit) {
        List<CaptureFileName> names = unit.work().names();
        return new ReplayOrder(
                unit.folder(),
                unit.scope().origin(),
                unit.scope().request().risk() instanceof EtlRisk.InForce inForce && inForce.acceptMissing(),
                unit.work().from(),
                List.of(),
                new Captured(names.size(), names.get(names.size() - 1).path()));
    }
}
