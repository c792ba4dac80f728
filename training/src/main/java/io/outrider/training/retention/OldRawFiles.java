package io.outrider.training.retention;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.capture.CaptureFileName;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.dataset.PartitionProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Capture files that all datasets of their log have read, and of other logs all that are old. A partition's last file stays: by it
 * capture knows where to go on. For one thread.
 */
final class OldRawFiles {

    private final BlobStore lake;
    private final Retention.Places places;

    OldRawFiles(BlobStore lake, Retention.Places places) {
        this.lake = lake;
        this.places = places;
    }

    /** The older ones of each partition, the oldest first. */
    List<Expired> before(long cutoffMs) throws IOException {
        Map<String, List<BlobStore.Entry>> partitions = new TreeMap<>();
        for (BlobStore.Entry entry : lake.list(places.raw() + "/")) {
            CaptureFileName.parse(entry.name())
                    .ifPresent(file -> partitions
                            .computeIfAbsent(folder(file), folder -> new ArrayList<>())
                            .add(entry));
        }
        Reading reading = reading();
        List<Expired> all = new ArrayList<>();
        for (Map.Entry<String, List<BlobStore.Entry>> partition : partitions.entrySet()) {
            String read = reading.until(partition.getKey());
            List<BlobStore.Entry> files = partition.getValue();
            for (BlobStore.Entry entry : files.subList(0, files.size() - 1)) {
                CaptureFileName file = CaptureFileName.parse(entry.name()).orElseThrow();
                if (file.time().toEpochMilli() >= cutoffMs
                        || (read != null && file.path().compareTo(read) > 0)) {
                    break;
                }
                all.add(new Expired("raw", entry.name(), entry.sizeBytes()));
            }
        }
        return all;
    }

    private static String folder(CaptureFileName file) {
        return CaptureFileName.folder(file.namespace(), file.hub(), file.partition());
    }

    /**
     * How far datasets have read.
     *
     * @param logs that datasets are of, with a slash at the end
     * @param last the file that all of its datasets have read, by partition
     */
    private record Reading(Set<String> logs, Map<String, String> last) {

        /** Behind this file nothing may go; null where no dataset is of the log. */
        @Nullable
        String until(String folder) {
            boolean read = logs.stream().anyMatch(folder::startsWith);
            return read ? last.getOrDefault(folder, "") : null;
        }
    }

    private Reading reading() throws IOException {
        Datasets datasets = new Datasets(lake, places.datasets());
        Set<String> logs = new HashSet<>();
        Map<String, String> last = new HashMap<>();
        for (String name : datasets.names()) {
            DatasetManifest newest = datasets.newest(name).orElseThrow();
            add(newest.origin().log() + "/", newest.progress(), logs, last);
            if (newest.origin().labelDelay().isEmpty()) {
                add(places.labels() + "/", newest.labels().progress(), logs, last);
            }
        }
        return new Reading(logs, last);
    }

    private static void add(String log, List<PartitionProgress> progress, Set<String> logs, Map<String, String> last) {
        logs.add(log);
        for (PartitionProgress at : progress) {
            last.merge(
                    log + at.partition() + "/", at.lastFile(), (one, other) -> one.compareTo(other) < 0 ? one : other);
        }
    }
}
