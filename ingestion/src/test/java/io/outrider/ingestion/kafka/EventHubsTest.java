package io.outrider.ingestion.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.outrider.ingestion.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Event Hubs' two ways to log in, against a real broker that demands what the service demands: TLS, and SASL PLAIN with the
 * connection string or OAUTHBEARER with a token that a loopback server gives for a federated one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventHubsTest {

    private static final String SECRET =
            "Endpoint=sb://127.0.0.1/;SharedAccessKeyName=outrider;SharedAccessKey=a+b/\"c\\d=";

    private TokenServer tokens;
    private TestBroker broker;
    private Path federated;

    @BeforeAll
    void startBroker(@TempDir Path folder) throws Exception {
        tokens = TokenServer.start();
        federated = Files.writeString(folder.resolve("token"), TokenServer.FEDERATED_TOKEN);
        System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls", tokens.keysUrl());
        broker = TestBroker.startDemandingLogin(
                folder.resolve("broker"), SECRET, tokens.keysUrl(), TokenServer.AUDIENCE);
        try (Topics topics = new Topics(byConnectionString(Map.of()))) {
            topics.createMissing();
        }
    }

    @AfterAll
    void stopBroker() {
        broker.close();
        tokens.close();
    }

    private KafkaSettings byConnectionString(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("outrider.kafka.event-hubs.connection-string", SECRET);
        settings.putAll(more);
        return settings(settings);
    }

    private KafkaSettings byIdentity(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("outrider.kafka.event-hubs.fully-qualified-namespace", "127.0.0.1");
        settings.put("outrider.kafka.event-hubs.client-id", TokenServer.CLIENT_ID);
        settings.put("outrider.kafka.event-hubs.tenant-id", TokenServer.TENANT);
        settings.put("outrider.kafka.event-hubs.authority-host", tokens.url());
        settings.put("outrider.kafka.event-hubs.token-file", federated.toString());
        settings.putAll(more);
        return settings(settings);
    }

    private KafkaSettings settings(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(broker.trust());
        all.put("outrider.kafka.event-hubs.port", broker.port());
        all.putAll(settings);
        return KafkaSettings.from(
                ConfigFactory.parseMap(all).withFallback(ConfigFactory.load()).resolve());
    }

    @Test
    void aConnectionStringLogsInAndEventsGoBothWays() throws Exception {
        assertThat(roundTrip(byConnectionString(Map.of()), "by key")).isEqualTo("by key");
    }

    @Test
    void aWorkloadIdentityLogsInByItsFederatedTokenAndEventsGoBothWays() throws Exception {
        assertThat(roundTrip(byIdentity(Map.of()), "by identity")).isEqualTo("by identity");
        assertThat(tokens.asked())
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request)
                        .containsEntry("grant_type", "client_credentials")
                        .containsEntry("client_id", TokenServer.CLIENT_ID)
                        .containsEntry("client_assertion", TokenServer.FEDERATED_TOKEN)
                        .containsEntry(
                                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                        .containsEntry("scope", "https://127.0.0.1/.default"));
    }

    private static String roundTrip(KafkaSettings kafka, String text) throws Exception {
        long offset;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producerProperties())) {
            offset = producer.send(new ProducerRecord<>(kafka.topics().labels(), text.getBytes(StandardCharsets.UTF_8)))
                    .get(30, TimeUnit.SECONDS)
                    .offset();
        }
        TopicPartition partition = new TopicPartition(kafka.topics().labels(), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumerProperties())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            while (true) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    return new String(record.value(), StandardCharsets.UTF_8);
                }
            }
        }
    }

    @Test
    void aNodeFindsTheStreamWhenAllIsRight() throws Exception {
        KafkaSettings kafka = byIdentity(Map.of());
        try (Topics topics = new Topics(kafka)) {
            assertThat(new StreamCheck(kafka, topics).transactions(true).partitions())
                    .isEqualTo(4);
        }
    }

    @Test
    void aWrongKeyIsNamedAsTheLogin() {
        assertThat(refusal(byConnectionString(
                        Map.of("outrider.kafka.event-hubs.connection-string", SECRET.replace("a+b", "stale")))))
                .contains("refuses the connection string", "Is the key still valid")
                .doesNotContain("stale");
    }

    @Test
    void anIdentityThatIsNotTrustedIsNamedAsTheLogin() {
        assertThat(refusal(byIdentity(Map.of("outrider.kafka.event-hubs.client-id", "stranger"))))
                .contains("no login as the workload identity stranger");
    }

    @Test
    void aMissingHubIsNamedWithThoseThatThereAre() {
        assertThat(refusal(byConnectionString(Map.of("outrider.kafka.event-hubs.name", "payments"))))
                .contains("has no hub payments", "alerts", "transactions");
    }

    @Test
    void anotherNumberOfPartitionsIsNamed() {
        assertThat(refusal(byConnectionString(Map.of("outrider.kafka.topics.partitions", 32))))
                .contains("hub transactions has 4 partitions", "OUTRIDER_TOPIC_PARTITIONS", "32");
    }

    @Test
    void aHostThatDoesNotExistAndAPortThatNobodyListensOnAreNamedAsTheNetwork() throws Exception {
        assertThat(refusal(byIdentity(
                        Map.of("outrider.kafka.event-hubs.fully-qualified-namespace", "no-such-namespace.invalid"))))
                .contains("there is no host no-such-namespace.invalid", "DNS zone");
        assertThat(refusal(byConnectionString(Map.of("outrider.kafka.event-hubs.port", TestBroker.freePort()))))
                .contains("no connection to 127.0.0.1", "firewall");
    }

    @Test
    void aRightThatIsMissingIsNamedWithTheRoleThatHasIt() throws Exception {
        String labels = byIdentity(Map.of()).topics().labels();
        // From now on somebody else's alone.
        AclBinding kept = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, labels, PatternType.LITERAL),
                new AccessControlEntry("User:somebody-else", "*", AclOperation.ALL, AclPermissionType.ALLOW));
        try (Admin admin = Admin.create(byConnectionString(Map.of()).adminProperties())) {
            admin.createAcls(List.of(kept)).all().get(30, TimeUnit.SECONDS);
            try {
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(refusal(byIdentity(Map.of())))
                                .contains(
                                        "the workload identity " + TokenServer.CLIENT_ID + " may not use hub " + labels,
                                        "Azure Event Hubs Data Receiver or Data Sender"));
            } finally {
                admin.deleteAcls(List.of(kept.toFilter())).all().get(30, TimeUnit.SECONDS);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> accepted(byIdentity(Map.of())));
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsNamedAsThat() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("outrider.kafka.event-hubs.connection-string", SECRET);
        settings.put("outrider.kafka.event-hubs.port", broker.port());
        KafkaSettings trustingNobodyOfItsKind = KafkaSettings.from(ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.load())
                .resolve());
        assertThat(refusal(trustingNobodyOfItsKind))
                .contains("127.0.0.1:" + broker.port() + " shows a certificate that is not trusted here");
    }

    private static boolean accepted(KafkaSettings kafka) throws IOException {
        try (Topics topics = StreamCheck.open(kafka)) {
            return new StreamCheck(kafka, topics).transactions(true).partitions() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String refusal(KafkaSettings kafka) {
        try (Topics topics = StreamCheck.open(kafka)) {
            throw new AssertionError("accepted: " + new StreamCheck(kafka, topics).transactions(true));
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void whatCannotBeMeantIsRefusedByNameAndNoSecretIsRepeated() {
        assertThatThrownBy(() -> byConnectionString(
                        Map.of("outrider.kafka.event-hubs.connection-string", "SharedAccessKey=sesame")))
                .hasMessageContaining("outrider.kafka.event-hubs.connection-string")
                .message()
                .doesNotContain("sesame");
        assertThatThrownBy(() -> byConnectionString(
                        Map.of("outrider.kafka.event-hubs.fully-qualified-namespace", "other.servicebus.windows.net")))
                .hasMessageContaining("is other.servicebus.windows.net, but the connection string is for 127.0.0.1");
        assertThatThrownBy(() -> byIdentity(Map.of("outrider.kafka.event-hubs.token-file", "")))
                .hasMessageContaining("AZURE_FEDERATED_TOKEN_FILE");
        assertThat(byConnectionString(Map.of()).toString()).doesNotContain("SharedAccessKey");
    }

    @Test
    void whatTheServiceAsksForIsSet() {
        KafkaSettings kafka = byConnectionString(Map.of("outrider.kafka.event-hubs.name", "payments"));
        assertThat(kafka.topics().transactions()).isEqualTo("payments");
        assertThat(kafka.adminProperties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("metadata.max.age.ms", "180000")
                .containsEntry("connections.max.idle.ms", "180000")
                .containsEntry("request.timeout.ms", "60000");
        assertThat(kafka.producerProperties()).containsEntry("max.request.size", 1_000_000);
        assertThat(kafka.withBootstrapServers("127.0.0.1:9092").adminProperties())
                .containsEntry("bootstrap.servers", "127.0.0.1:9092")
                .doesNotContainKey("sasl.mechanism");
    }
}
