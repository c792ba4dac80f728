package io.outrider.app.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicInfo;
import io.outrider.ingestion.kafka.Topics;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that talk to a broker about events of one plan. */
final class Connection {

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "The broker (default: outrider.kafka.bootstrap-servers, 127.0.0.1:9092).")
    private @Nullable String bootstrap;

    @Option(
            names = "--plan",
            defaultValue = "transactions",
            description = "Feature plan whose events these are (default: ${DEFAULT-VALUE}).")
    private String plan = "transactions";

    @Option(
            names = "--partitioner",
            defaultValue = "murmur2",
            description = "How accounts are placed: murmur2, crc32 or event-hubs (default: ${DEFAULT-VALUE}).")
    private String partitioner = "murmur2";

    private final Config config = ConfigFactory.load();

    Config config() {
        return config;
    }

    KafkaSettings kafka() {
        try {
            return bootstrap == null
                    ? KafkaSettings.from(config)
                    : KafkaSettings.from(ConfigFactory.parseMap(KafkaSettings.NO_EVENT_HUBS)
                                    .withFallback(config))
                            .withBootstrapServers(bootstrap);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    EventReading reading() {
        try {
            return new EventReading(PlanChoice.named(plan).schema(), AccountPartitioner.named(partitioner));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The topic that events are sent to: by account, or, without keys, the ingress topic. */
    TopicInfo target(KafkaSettings kafka, boolean keyed) {
        String name = keyed ? kafka.topics().transactions() : kafka.topics().ingress();
        try (Topics topics = new Topics(kafka)) {
            return topics.describe(name);
        } catch (IOException e) {
            throw new CommandException(
                    e.getMessage() + " (broker " + kafka.bootstrapServers()
                            + "; is it running, and are the topics created?)",
                    e);
        }
    }
}
