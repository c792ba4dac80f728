package io.outrider.training.dataset;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files under datasets' {@code data/} that no version names: of ETL runs that came to nothing, and what a killed erasure had yet
 * to delete. For one thread.
 */
final class UnnamedFiles {

    private static final String DATA = "/data/";
    private static final String RESULT = "/result.json";
    private static final int BATCH = 500;

    private final BlobStore lake;
    private final String container;
    private final Datasets datasets;

    UnnamedFiles(BlobStore lake, String container) {
        this.lake = lake;
        this.container = container;
        this.datasets = new Datasets(lake, container);
    }

    /**
     * Deletes those of a topic's datasets, and of datasets without any version, which may be of the topic. Results first: by them
     * a later run would take units over.
     *
     * @param sweep the right to do so, from before this is called
     * @return whether nothing is left; otherwise it is to be called again, with another right, as who waits for this one has a turn
     */
    boolean delete(String topic, DatasetLease sweep) throws IOException {
        List<String> files = unnamed(topic);
        files.sort(Comparator.comparing((String file) -> !file.endsWith(RESULT)));
        for (String file : files.subList(0, Math.min(BATCH, files.size()))) {
            sweep.requireHeld();
            lake.delete(file);
        }
        return files.size() <= BATCH;
    }

    private List<String> unnamed(String topic) throws IOException {
        List<String> unnamed = new ArrayList<>();
        Map<String, List<String>> files = new HashMap<>();
        for (BlobStore.Entry entry : lake.list(container + "/")) {
            int data = entry.name().indexOf(DATA);
            if (data > container.length()) {
                files.computeIfAbsent(
                                entry.name().substring(container.length() + 1, data), dataset -> new ArrayList<>())
                        .add(entry.name());
            }
        }
        for (Map.Entry<String, List<String>> dataset : files.entrySet()) {
            List<Integer> versions = datasets.versions(dataset.getKey());
            Set<String> named = new HashSet<>();
            boolean ofTopic = true;
            for (int version : versions) {
                DatasetManifest manifest = datasets.get(dataset.getKey(), version);
                ofTopic = DatasetErasure.topic(manifest.origin()).equals(topic);
                named.addAll(manifest.fileNames());
            }
            if (ofTopic) {
                dataset.getValue().removeAll(named);
                unnamed.addAll(dataset.getValue());
            }
        }
        return unnamed;
    }
}
