package io.outrider.training.dataset;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a version differs from another.
 *
 * @param rows rows that the second has more (less, if negative)
 * @param records records, good and bad, that it has more
 * @param samePlan whether features mean the same in both
 * @param removed files of the first that the second has not
 * @param added files of the second that the first has not
 */
public record DatasetDiff(long rows, long records, boolean samePlan, List<DataFile> removed, List<DataFile> added) {

    /** From one version to another, which may be of another dataset. */
    public static DatasetDiff between(DatasetManifest from, DatasetManifest to) {
        return new DatasetDiff(
                to.total().rows() - from.total().rows(),
                to.total().records() - from.total().records(),
                from.origin().planFingerprint().equals(to.origin().planFingerprint()),
                without(from.files(), to.files()),
                without(to.files(), from.files()));
    }

    private static List<DataFile> without(List<DataFile> files, List<DataFile> others) {
        Set<String> names = new HashSet<>();
        others.forEach(file -> names.add(file.name()));
        return files.stream().filter(file -> !names.contains(file.name())).toList();
    }
}
