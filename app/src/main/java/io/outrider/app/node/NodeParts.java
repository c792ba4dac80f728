package io.outrider.app.node;

import com.typesafe.config.Config;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * What a node is started with.
 *
 * @param config the whole configuration; it says which cluster to join
 * @param storage opens the lake and finds the model to begin with
 * @param startRetry pause before something that does not answer yet is tried again
 * @param stopLimit how long each step of stopping may take
 */
public record NodeParts(
        Config config,
        Set<Role> roles,
        KafkaSettings kafka,
        HttpSettings http,
        Storage.Opener storage,
        FeaturePlan plan,
        AccountPartitioner partitioner,
        Duration startRetry,
        Duration stopLimit,
        Clock clock) {

    public NodeParts {
        roles = Set.copyOf(roles);
    }

    /** The same for a node that was a member of its cluster and is no more: it joins others, and forms none. */
    public NodeParts rejoining() {
        return new NodeParts(
                SeedNodes.othersOnly(config),
                roles,
                kafka,
                http,
                storage,
                plan,
                partitioner,
                startRetry,
                stopLimit,
                clock);
    }
}
