package io.outrider.training.etl;

import io.outrider.core.event.LabelReading;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.lake.capture.CaptureFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to become a dataset.
 *
 * @param dataset its name
 * @param capture the raw log
 * @param partitions how many partitions the topic has
 * @param partitioner how accounts are placed on them: {@code murmur2}, {@code crc32} or {@code event-hubs}
 * @param plan the features
 * @param generation which incarnation of the topic is meant, where files of several are there; files of others are passed over
 * @param acceptGaps whether to go on where records are missing; their accounts' features are wrong from there on
 * @param risk what features of merchants go by, and where labels come from
 * @param disk where temporary files may be made
 * @param pseudonyms under which accounts are known
 */
public record EtlRequest(
        String dataset,
        CaptureFiles capture,
        int partitions,
        String partitioner,
        FeaturePlan plan,
        Optional<String> generation,
        boolean acceptGaps,
        EtlRisk risk,
        Path disk,
        PseudonymKey pseudonyms) {

    /** By accounts' ids. */
    public EtlRequest(
            String dataset,
            CaptureFiles capture,
            int partitions,
            String partitioner,
            FeaturePlan plan,
            Optional<String> generation,
            boolean acceptGaps,
            EtlRisk risk,
            Path disk) {
        this(dataset, capture, partitions, partitioner, plan, generation, acceptGaps, risk, disk, PseudonymKey.NONE);
    }

    /** How labels of the log's transactions are understood. */
    LabelReading labels() {
        return new LabelReading(
                plan.schema().maxAhead(), pseudonyms.names(AccountPartitioner.named(partitioner), partitions));
    }
}
