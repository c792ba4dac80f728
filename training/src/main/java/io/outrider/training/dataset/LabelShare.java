package io.outrider.training.dataset;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels of a dataset, from the captured labels topic.
 *
 * @param generation which incarnation of the topic; empty before the first label, or where Capture files don't say
 * @param progress how far each of the topic's partitions is read; without states
 * @param files tables of labels, all versions of each; earlier dataset versions' included
 * @param count how many labels the files hold
 * @param bad records that are no valid label, by reason (the names that dead letters have)
 */
public record LabelShare(
        String generation, List<PartitionProgress> progress, List<DataFile> files, long count, Map<String, Long> bad) {

    /** No labels. */
    public static final LabelShare NONE = new LabelShare("", List.of(), List.of(), 0, Map.of());

    public LabelShare {
        progress = List.copyOf(progress);
        files = List.copyOf(files);
        bad = new TreeMap<>(bad);
    }
}
