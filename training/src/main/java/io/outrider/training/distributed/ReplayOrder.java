package io.outrider.training.distributed;

import io.outrider.lake.capture.CaptureFileName;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.PartitionProgress;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.PartitionUnit;
import io.outrider.training.etl.PartitionWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One partition's share of a run, as another node is told of it; the rest is in that node's own settings.
 *
 * @param folder where it goes in the lake, named after all that goes into it: a node that would name it otherwise refuses
 * @param origin what the dataset is of
 * @param acceptMissingRisk whether an older merchant-risk table may stand for one that is gone
 * @param from where the partition goes on
 * @param files paths of the Capture files
 */
record ReplayOrder(
        String folder, DatasetOrigin origin, boolean acceptMissingRisk, PartitionProgress from, List<String> files) {

    ReplayOrder {
        files = List.copyOf(files);
    }

    static ReplayOrder of(PartitionUnit unit) {
        List<String> files = new ArrayList<>();
        unit.work().names().forEach(name -> files.add(name.path()));
        return new ReplayOrder(
                unit.folder(),
                unit.scope().origin(),
                unit.scope().request().risk() instanceof EtlRisk.InForce inForce && inForce.acceptMissing(),
                unit.work().from(),
                files);
    }

    PartitionWork work() throws IOException {
        List<CaptureFileName> names = new ArrayList<>();
        for (String file : files) {
            names.add(CaptureFileName.parse(file)
                    .orElseThrow(() -> new IOException(file + " is no name of a Capture file")));
        }
        return new PartitionWork(from, names);
    }
}
