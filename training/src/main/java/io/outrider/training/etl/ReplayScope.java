package io.outrider.training.etl;

import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.StoredFile;
import java.nio.charset.StandardCharsets;

/**
 * What all units of a dataset's new version have in common.
 *
 * @param origin what the dataset is of
 */
public record ReplayScope(BlobStore lake, EtlSettings settings, EtlRequest request, DatasetOrigin origin) {

    /**
     * The folder of a unit, slash included, named after all that goes into it. Names sort in the order of the log.
     *
     * @param stem what the name begins with
     * @param work what the unit is about
     */
    String folder(String stem, EventTable table, String work) {
        String inputs = String.join(
                "\n",
                origin.toString(),
                work,
                table.schema().toString(),
                settings.tableLimits().toString(),
                request.acceptGaps() + " " + request.generation().isPresent());
        String hash = StoredFile.sha256(inputs.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        return settings.container() + "/" + request.dataset() + "/data/" + stem + hash + "/";
    }
}
