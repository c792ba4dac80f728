package io.outrider.app.node;

import com.typesafe.config.Config;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.ContextRef;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelSource;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.time.Clock;

/**
 * What a node is started with.
 *
 * @param config the whole configuration
 * @param context what is in force on partitions never claimed before, and is to come into force on the others
 */
public record NodeParts(
        Config config,
        KafkaSettings kafka,
        HttpSettings http,
        BlobStore lake,
        ModelSource models,
        FeaturePlan plan,
        AccountPartitioner partitioner,
        ContextRef context,
        Clock clock) {

    EventReading reading() {
        return new EventReading(plan.schema(), partitioner);
    }
}
