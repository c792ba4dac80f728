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
import java.util.TreeSet;

/**
 * Capture files that are old. Of logs that datasets are of, and of the transactions and labels, of which they may be yet, only
 * those that all of their datasets have read; those that none has, or not every one, are held back, for ever or for a longer
 * time. A partition's last file stays: by it capture knows where to go on. For one thread.
 */
final class OldRawFiles {

    private final BlobStore lake;
    private final Retention.Places places;

    /** How far a dataset has read a log: the last file it has read of each partition, by the partition's folder. */
    private record Reader(String dataset, String log, Map<String, String> last) {

        boolean hasRead(CaptureFileName file) {
            return file.path().compareTo(last.getOrDefault(folder(file), "")) <= 0;
        }
    }

    /** A file that is old, and the log's datasets that have yet to read it. */
    private record Old(BlobStore.Entry entry, CaptureFileName file, boolean isRead, Set<String> waiting) {}

    OldRawFiles(BlobStore lake, Retention.Places places) {
        this.lake = lake;
        this.places = places;
    }

    /**
     * Those that are to go, the oldest of each partition first.
     *
     * @param unreadCutoffMs what is older goes unread
     */
    List<Expired> before(long cutoffMs, long unreadCutoffMs) throws IOException {
        List<Expired> all = new ArrayList<>();
        for (List<Old> partition : old(cutoffMs)) {
            for (Old one : partition) {
                if (!one.isRead() && one.file().time().toEpochMilli() >= unreadCutoffMs) {
                    break;
                }
                all.add(new Expired(
                        one.isRead() ? Expired.RAW : Expired.UNREAD,
                        one.entry().name(),
                        one.entry().sizeBytes()));
            }
        }
        return all;
    }

    /** Those that are old and stay, by log. */
    List<HeldBack> heldBack(long cutoffMs, long unreadCutoffMs) throws IOException {
        Map<String, HeldBack> logs = new TreeMap<>();
        for (List<Old> partition : old(cutoffMs)) {
            for (Old one : partition) {
                if (!one.isRead() && one.file().time().toEpochMilli() >= unreadCutoffMs) {
                    logs.merge(
                            log(one.file()),
                            new HeldBack(log(one.file()), 1, one.entry().sizeBytes(), one.waiting()),
                            OldRawFiles::both);
                }
            }
        }
        return List.copyOf(logs.values());
    }

    private static HeldBack both(HeldBack one, HeldBack other) {
        Set<String> datasets = new TreeSet<>(one.datasets());
        datasets.addAll(other.datasets());
        return new HeldBack(one.log(), one.files() + other.files(), one.bytes() + other.bytes(), datasets);
    }

    /** By partition, without each one's last file. */
    private List<List<Old>> old(long cutoffMs) throws IOException {
        Map<String, List<BlobStore.Entry>> partitions = new TreeMap<>();
        for (BlobStore.Entry entry : lake.list(places.raw() + "/")) {
            CaptureFileName.parse(entry.name())
                    .ifPresent(file -> partitions
                            .computeIfAbsent(folder(file), folder -> new ArrayList<>())
                            .add(entry));
        }
        List<Reader> readers = readers();
        Set<String> logs = new HashSet<>(Set.of(places.transactions(), places.labels()));
        readers.forEach(reader -> logs.add(reader.log()));
        List<List<Old>> all = new ArrayList<>();
        for (List<BlobStore.Entry> files : partitions.values()) {
            List<Old> old = new ArrayList<>();
            for (BlobStore.Entry entry : files.subList(0, files.size() - 1)) {
                CaptureFileName file = CaptureFileName.parse(entry.name()).orElseThrow();
                if (file.time().toEpochMilli() >= cutoffMs) {
                    break;
                }
                old.add(old(entry, file, readers, logs.contains(log(file))));
            }
            all.add(old);
        }
        return all;
    }

    /** @param wanted whether datasets are made of the file's log */
    private static Old old(BlobStore.Entry entry, CaptureFileName file, List<Reader> readers, boolean wanted) {
        Set<String> waiting = new TreeSet<>();
        boolean hasReader = false;
        for (Reader reader : readers) {
            if (reader.log().equals(log(file))) {
                hasReader = true;
                if (!reader.hasRead(file)) {
                    waiting.add(reader.dataset());
                }
            }
        }
        return new Old(entry, file, !wanted || (hasReader && waiting.isEmpty()), waiting);
    }

    private static String log(CaptureFileName file) {
        return file.namespace() + "/" + file.hub();
    }

    private static String folder(CaptureFileName file) {
        return CaptureFileName.folder(file.namespace(), file.hub(), file.partition());
    }

    private List<Reader> readers() throws IOException {
        Datasets datasets = new Datasets(lake, places.datasets());
        List<Reader> readers = new ArrayList<>();
        for (String name : datasets.names()) {
            DatasetManifest newest = datasets.newest(name).orElseThrow();
            readers.add(reader(name, newest.origin().log(), newest.progress()));
            if (newest.origin().labelDelay().isEmpty()) {
                readers.add(reader(name, places.labels(), newest.labels().progress()));
            }
        }
        return readers;
    }

    private static Reader reader(String dataset, String log, List<PartitionProgress> progress) {
        Map<String, String> last = new HashMap<>();
        progress.forEach(at -> last.put(log + "/" + at.partition() + "/", at.lastFile()));
        return new Reader(dataset, log, last);
    }
}
