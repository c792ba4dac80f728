package io.outrider.core.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a registered model can be made again from, beside the seed and the code version of its origin.
 *
 * @param dataset the version of the dataset that it was fitted, calibrated and tested on
 * @param parameters every setting of the training, by its key, as it was
 * @param parents models that it was to be compared with, or comes from, by version
 */
public record Lineage(Dataset dataset, Map<String, String> parameters, List<String> parents) {

    public Lineage {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        parents = List.copyOf(parents);
    }

    /**
     * A version of a dataset.
     *
     * @param files all its files
     */
    public record Dataset(String name, int version, List<File> files) {

        public Dataset {
            files = List.copyOf(files);
        }
    }

    /**
     * A file of it.
     *
     * @param name blob name
     * @param rows how many
     * @param sha256 of the whole file, lower-case hex
     */
    public record File(String name, long rows, String sha256) {}
}
