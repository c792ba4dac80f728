package io.outrider.training.retention;

import io.outrider.core.model.Lineage;
import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Versions of datasets that nothing refers to, and files that no version names. The newest version of a dataset stays, for ETL
 * goes on from it, and so does each that a model was trained on. Rows leave with the last version that has them.
 *
 * <p>A unit of ETL whose result is in the lake may be taken over by a run at any time. So its result goes in one run, and its files
 * in a later one. For one thread.
 */
final class OldDatasets {

    private static final String RESULT = "/result.json";
    private static final String DATA = "/data/";

    private final BlobStore lake;
    private final String container;
    private final Datasets datasets;

    OldDatasets(BlobStore lake, String container) {
        this.lake = lake;
        this.container = container;
        this.datasets = new Datasets(lake, container);
    }

    /** @param trained on what models were trained that stay */
    List<Expired> before(long cutoffMs, List<Lineage.Dataset> trained) throws IOException {
        Set<String> kept = new HashSet<>();
        trained.forEach(dataset -> kept.add(dataset.name() + ":" + dataset.version()));
        Map<String, BlobStore.Entry> entries = new HashMap<>();
        lake.list(container + "/").forEach(entry -> entries.put(entry.name(), entry));
        List<Expired> all = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (Lineage.Dataset dataset : trained) {
            dataset.files().forEach(file -> named.add(file.name()));
        }
        for (String name : datasets.names()) {
            List<Integer> versions = datasets.versions(name);
            int newest = versions.get(versions.size() - 1);
            for (int number : versions) {
                DatasetManifest version = datasets.get(name, number);
                boolean old = Instant.parse(version.createdAt()).toEpochMilli() < cutoffMs;
                if (old && number != newest && !kept.contains(name + ":" + number)) {
                    add(entries.get(datasets.manifestName(name, number)), all);
                } else {
                    named.addAll(version.fileNames());
                }
            }
        }
        addUnnamed(entries, named, cutoffMs, all);
        return all;
    }

    private static void addUnnamed(
            Map<String, BlobStore.Entry> entries, Set<String> named, long cutoffMs, List<Expired> to) {
        Map<String, List<BlobStore.Entry>> units = new HashMap<>();
        for (BlobStore.Entry entry : entries.values()) {
            int data = entry.name().indexOf(DATA);
            int end = data < 0 ? -1 : entry.name().indexOf('/', data + DATA.length());
            if (end > 0) {
                units.computeIfAbsent(entry.name().substring(0, end), unit -> new ArrayList<>())
                        .add(entry);
            }
        }
        for (Map.Entry<String, List<BlobStore.Entry>> unit : units.entrySet()) {
            BlobStore.Entry result = entries.get(unit.getKey() + RESULT);
            if (unit.getValue().stream().anyMatch(file -> file.lastModifiedMs() >= cutoffMs)) {
                continue;
            }
            if (result != null) {
                add(result, to);
                continue;
            }
            unit.getValue().stream()
                    .filter(file -> !named.contains(file.name()))
                    .forEach(file -> add(file, to));
        }
    }

    private static void add(BlobStore.@Nullable Entry entry, List<Expired> to) {
        if (entry != null) {
            to.add(new Expired(Expired.DATASETS, entry.name(), entry.sizeBytes()));
        }
    }
}
