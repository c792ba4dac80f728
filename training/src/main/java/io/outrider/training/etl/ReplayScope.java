package io.outrider.training.etl;

import io.outrider.core.erasure.ErasureList;
import io.outrider.core.erasure.ErasureRequest;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.erasure.ErasureFiles;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * What all units of a dataset's new version have in common.
 *
 * @param origin what the dataset is of
 * @param erasures as they were known when the run began
 */
public record ReplayScope(
        BlobStore lake, EtlSettings settings, EtlRequest request, DatasetOrigin origin, ErasureList erasures) {

    /** Where no erasures are known yet; {@link PartitionUnit#of} reads them. */
    public ReplayScope(BlobStore lake, EtlSettings settings, EtlRequest request, DatasetOrigin origin) {
        this(lake, settings, request, origin, ErasureList.NONE);
    }

    /** The list of erasures of the log's topic. */
    static ErasureFiles erasureFiles(BlobStore lake, EtlRequest request) {
        String log = request.capture().source();
        return new ErasureFiles(lake, log.substring(log.lastIndexOf('/') + 1));
    }

    /** The same with the erasures that there are now. */
    ReplayScope withErasures() throws IOException {
        return new ReplayScope(
                lake, settings, request, origin, erasureFiles(lake, request).list());
    }

    /** What there is to know of erasures in a partition. */
    KnownErasures erasures(int partition) {
        return new KnownErasures(erasures, erasureFiles(lake, request), origin.generation(), partition);
    }

    /** Names the erasures that are known: where they differ, what is made differs. */
    public String erasureIds() {
        return ids(erasures);
    }

    /** The erasures that are in the log, by which what was made before them differs from what is made with them. */
    static String ids(ErasureList erasures) {
        return erasures.requests().stream()
                .filter(request -> request.transactions() != null)
                .map(ErasureRequest::id)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /**
     * The folder of a unit, slash included, named after all that goes into it. Names sort in the order of the log.
     *
     * @param stem what the name begins with
     * @param work what the unit is about
     */
    String folder(String stem, EventTable table, String work) {
        String inputs = String.join(
                "\n",
                "code " + PartitionUnit.CODE_VERSION,
                origin.toString(),
                work + ids(erasures),
                table.schema().toString(),
                settings.tableLimits().toString(),
                request.acceptGaps() + " " + request.generation().isPresent());
        String hash = StoredFile.sha256(inputs.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        return settings.container() + "/" + request.dataset() + "/data/" + stem + hash + "/";
    }
}
