package io.outrider.detection;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelSource;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.protocol.PastLog;
import io.outrider.detection.protocol.SourceLog;
import java.time.Clock;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * What detection is built from. Every part is thread-safe.
 *
 * @param log the transactions topic
 * @param past the same, from its first record on
 * @param context what is to be in force, at once on partitions never claimed before, at a barrier on others
 * @param partitions how many partitions the transactions topic has
 * @param pseudonyms under which accounts are known
 * @param partitionOf the partition an account's events lie on
 * @param topics where alerts, dead letters and scored transactions go
 * @param kafka how Kafka clients connect: {@code bootstrap.servers} and security, as for a producer or consumer
 */
public record DetectionParts(
        BlobStore lake,
        ModelSource models,
        FeaturePlan plan,
        SourceLog log,
        PastLog past,
        ContextRef context,
        int partitions,
        PseudonymKey pseudonyms,
        ToIntFunction<String> partitionOf,
        Topics topics,
        Map<String, Object> kafka,
        LiveMetrics metrics,
        Clock clock) {

    /** Names of the topics that detection writes. */
    public record Topics(String alerts, String deadLetters, String scoredTransactions) {}
}
