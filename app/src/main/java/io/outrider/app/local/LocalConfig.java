package io.outrider.app.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.simulator.Profile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The configuration of a local Outrider: the settings as they are, {@code local.conf}, and what follows from the choices. */
final class LocalConfig {

    private LocalConfig() {}

    /** For a simulated world of this kind, a broker on this port and a lake in this folder. */
    static Config of(Profile profile, int kafkaPort, Path lake) {
        String world = profile.wireName();
        // One static member: a process that was killed and started again has its partitions back at once.
        Config chosen = ConfigFactory.parseMap(Map.of(
                "outrider.kafka.bootstrap-servers",
                "127.0.0.1:" + kafkaPort,
                "outrider.kafka.group-instance-id",
                "local",
                "outrider.simulator.profile",
                world,
                "outrider.node.lake-folder",
                lake.toAbsolutePath().toString(),
                "outrider.training.plan",
                planName(profile)));
        Config worlds = ConfigFactory.parseResources("local.conf").resolve();
        Config ofWorld = worlds.hasPath(world) ? worlds.getConfig(world) : ConfigFactory.empty();
        return chosen.withFallback(ConfigFactory.parseMap(KafkaSettings.NO_EVENT_HUBS))
                .withFallback(ofWorld)
                .withFallback(worlds.withOnlyPath("outrider"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    /**
     * How much past the accounts are given before the first live event: enough for habits to show. The uniform stream has
     * none, and a day of it is as many events as a month of the others.
     */
    static Duration past(Profile profile) {
        return profile == Profile.UNIFORM ? Duration.ofDays(1) : Duration.ofDays(30);
    }

    /** The feature plan that understands the profile's events. */
    static String planName(Profile profile) {
        return switch (profile) {
            case CARDS, UNIFORM -> "transactions";
            case NETWORK_ACCESS, SENSOR -> profile.wireName();
        };
    }
}
