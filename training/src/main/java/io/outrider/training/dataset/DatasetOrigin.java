package io.outrider.training.dataset;

/**
 * What a dataset is of; the same in all its versions.
 *
 * @param log the raw log: namespace and event hub
 * @param generation which incarnation of it; empty where the Capture files don't say
 * @param partitions how many partitions it has
 * @param partitioner how accounts are placed on them
 * @param plan name of the feature plan
 * @param planFingerprint its fingerprint
 */
public record DatasetOrigin(
        String log, String generation, int partitions, String partitioner, String plan, String planFingerprint) {}
