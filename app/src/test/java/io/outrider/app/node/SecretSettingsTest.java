package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.detection.webhook.WebhookSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.lake.azure.AzureBlobSettings;
import io.outrider.lake.azure.AzureBlobStore;
import io.outrider.lake.pseudonym.PseudonymSettings;
import io.outrider.training.databricks.DatabricksSettings;
import io.outrider.training.mlflow.MlflowSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Secrets of the settings, on the ways by which settings get into logs: as text, in errors, and in what libraries log. */
final class SecretSettingsTest {

    private static final String SECRET = "s3cr3tM4rk";
    private static final String HUBS = "Endpoint=sb://localhost/;SharedAccessKeyName=a;SharedAccessKey=";
    private static final String STORAGE =
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + SECRET + ";EndpointSuffix=core.windows.net";

    /** Settings that hold a secret, and one each. */
    private static final Map<String, String> SECRETS = Map.of(
            "outrider.kafka.event-hubs.connection-string", HUBS + SECRET,
            "outrider.lake.azure.connection-string", STORAGE,
            "outrider.mlflow.token", SECRET,
            "outrider.supervisor.databricks.token", SECRET);

    /** Settings that say where a secret is: of a file the path may be told, of a variable the name. */
    private static final Set<String> PLACES = Set.of(
            "outrider.kafka.event-hubs.token-file", "outrider.pseudonyms.key-file", "outrider.pseudonyms.key-env");

    private static final Config CONFIG = config(SECRETS);

    @TempDir
    private Path folder;

    private static Config config(Map<String, String> secrets) {
        Map<String, Object> all = new HashMap<>(secrets);
        all.put(
                "outrider.kafka.properties",
                Map.of(
                        "security.protocol", "SASL_PLAINTEXT",
                        "sasl.mechanism", "PLAIN",
                        "sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                                        + " username=\"$ConnectionString\" password=\"" + SECRET + "\";"));
        all.put("outrider.mlflow.tracking-uri", "https://user:" + SECRET + "@mlflow.example/?key=" + SECRET);
        all.put("outrider.supervisor.databricks.enabled", true);
        all.put("outrider.supervisor.databricks.url", "https://a:" + SECRET + "@adb.example");
        all.put("outrider.supervisor.databricks.job-id", 7);
        all.put(
                "outrider.webhooks.endpoints",
                List.of(Map.of("name", "cases", "url", "https://c.example/?k=" + SECRET, "secret-env", "V")));
        all.put("pekko.remote.artery.canonical.port", 0);
        return ConfigFactory.parseMap(all).withFallback(ConfigFactory.load()).resolve();
    }

    /** A new setting that is named like a secret is to be added above, and read below. */
    @Test
    void everySettingThatIsNamedLikeASecretIsAmongThese() {
        Set<String> found = new TreeSet<>();
        named(ConfigFactory.parseResources("reference.conf").getObject("outrider"), "outrider", found);
        Set<String> known = new TreeSet<>(SECRETS.keySet());
        known.addAll(PLACES);
        assertThat(found).isEqualTo(known);
    }

    private static void named(ConfigObject in, String path, Set<String> found) {
        for (Map.Entry<String, ConfigValue> entry : in.entrySet()) {
            String name = path + "." + entry.getKey();
            if (entry.getValue() instanceof ConfigObject object) {
                named(object, name, found);
            } else if (entry.getKey()
                    .matches(".*(token|secret|password|passphrase|credential|connection-string|signature|jaas).*"
                            + "|(.*-)?key(-.*)?")) {
                found.add(name);
            }
        }
    }

    @Test
    void settingsAsTextHaveNoSecrets() throws IOException {
        List<Object> all = new ArrayList<>();
        KafkaSettings kafka = KafkaSettings.from(CONFIG);
        all.add(kafka);
        all.add(kafka.eventHubs().orElseThrow());
        all.add(AzureBlobSettings.from(CONFIG).orElseThrow());
        all.add(AzureBlobSettings.from(account("https://a.blob.core.windows.net/?sv=1&sig=" + SECRET))
                .orElseThrow());
        all.add(MlflowSettings.from(CONFIG).orElseThrow());
        all.add(DatabricksSettings.from(CONFIG).orElseThrow());
        WebhookSettings webhooks = WebhookSettings.from(CONFIG, Map.of("V", SECRET));
        all.add(webhooks);
        PseudonymKey key = PseudonymSettings.key(keyFile(SECRET.repeat(4)));
        all.add(key);
        all.add(key.mark());
        all.add(key.statesOf(FeaturePlan.named("transactions").fingerprint()));
        assertThat(all)
                .allSatisfy(
                        settings -> assertThat(settings.toString()).isNotBlank().doesNotContain(SECRET));
        assertThat(kafka.toString()).contains("sasl.jaas.config");
    }

    @Test
    void errorsAboutSettingsHaveNoSecrets() {
        List<ThrowingCallable> wrong = List.of(
                () -> KafkaSettings.from(with("outrider.kafka.event-hubs.connection-string", "Endpoint=" + SECRET)),
                () -> new AzureBlobStore(
                        AzureBlobSettings.from(with("outrider.lake.azure.connection-string", "AccountKey=" + SECRET))
                                .orElseThrow()),
                () -> AzureBlobSettings.from(account("http://a b/?sig=" + SECRET)),
                () -> MlflowSettings.from(with("outrider.mlflow.tracking-uri", "ftp://u:" + SECRET + "@a.example")),
                () -> MlflowSettings.from(with("outrider.mlflow.tracking-uri", "https://u:" + SECRET + "@a b")),
                () -> MlflowSettings.from(with("outrider.mlflow.token", SECRET + "\n" + SECRET)),
                () -> DatabricksSettings.from(with("outrider.supervisor.databricks.url", "ftp://a:" + SECRET + "@b")),
                () -> DatabricksSettings.from(with("outrider.supervisor.databricks.url", "https://a b?" + SECRET)),
                () -> DatabricksSettings.from(with("outrider.supervisor.databricks.job-id", "0")),
                () -> WebhookSettings.from(CONFIG, Map.of("V", "whsec_" + SECRET + "?")),
                () -> PseudonymSettings.key(keyFile(SECRET)));
        assertThat(wrong)
                .allSatisfy(reading -> assertThatThrownBy(reading).satisfies(SecretSettingsTest::tellsNothing));
    }

    private static void tellsNothing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause)).doesNotContain(SECRET);
        }
    }

    private static Config with(String key, String value) {
        return ConfigFactory.parseMap(Map.of(key, value)).withFallback(CONFIG);
    }

    private static Config account(String url) {
        return with("outrider.lake.azure.account-url", url).withoutPath("outrider.lake.azure.connection-string");
    }

    private Config keyFile(String key) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), key);
        return ConfigFactory.parseMap(Map.of(
                        "outrider.pseudonyms.key-file",
                        file.toString(),
                        "outrider.pseudonyms.key-env",
                        "NO_SUCH_VARIABLE"))
                .withFallback(CONFIG);
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
        Config byConnectionString = CONFIG.withValue(
                "outrider.kafka.properties", ConfigFactory.empty().root());
        try (var producer = new KafkaProducer<byte[], byte[]>(
                        KafkaSettings.from(CONFIG).producerProperties());
                var another = new KafkaProducer<byte[], byte[]>(
                        KafkaSettings.from(byConnectionString).producerProperties())) {
            producer.close(Duration.ZERO);
            another.close(Duration.ZERO);
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
