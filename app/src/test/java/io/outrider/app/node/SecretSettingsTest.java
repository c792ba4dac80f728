package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.lake.azure.AzureBlobSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Secrets of the settings, on the ways by which settings get into logs. */
final class SecretSettingsTest {

    private static final String SECRET = "s3cr3tM4rk";
    private static final Config CONFIG = ConfigFactory.parseMap(Map.of(
                    "outrider.kafka.properties",
                    Map.of(
                            "security.protocol", "SASL_PLAINTEXT",
                            "sasl.mechanism", "PLAIN",
                            "sasl.jaas.config",
                                    "org.apache.kafka.common.security.plain.PlainLoginModule required"
                                            + " username=\"$ConnectionString\" password=\"" + SECRET + "\";"),
                    "outrider.lake.azure.connection-string",
                    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + SECRET
                            + ";EndpointSuffix=core.windows.net",
                    "pekko.remote.artery.canonical.port",
                    0))
            .withFallback(ConfigFactory.load())
            .resolve();

    @Test
    void settingsAsTextHaveNoSecrets() {
        assertThat(KafkaSettings.from(CONFIG).toString())
                .contains("sasl.jaas.config")
                .doesNotContain(SECRET);
        assertThat(AzureBlobSettings.from(CONFIG).orElseThrow().toString()).doesNotContain(SECRET);
    }

    @Test
    void neitherTheActorSystemNorKafkasClientLogsThem() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Level before = kafka.getLevel();
        Level rootBefore = root.getLevel();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        kafka.setLevel(Level.DEBUG);
        try (var producer =
                new KafkaProducer<byte[], byte[]>(KafkaSettings.from(CONFIG).producerProperties())) {
            producer.close(Duration.ZERO);
            ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "secrets", CONFIG);
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        } finally {
            root.detachAppender(log);
            kafka.setLevel(before);
            root.setLevel(rootBefore);
        }

        List<String> lines = List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertThat(lines).anyMatch(line -> line.contains("sasl.jaas.config = [hidden]"));
        assertThat(lines).noneMatch(line -> line.contains(SECRET));
    }
}
