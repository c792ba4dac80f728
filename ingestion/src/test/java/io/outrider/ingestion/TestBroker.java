package io.outrider.ingestion;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real single-node broker in this JVM, on loopback, with its log in a directory of the test. */
public final class TestBroker implements AutoCloseable {

    private static final String STORE_PASSWORD = "changeit";

    /** A client hears of a new member with its next heartbeat, and waits at its end for the fetch that is under way. */
    private static final Map<String, String> BRISK = Map.of(
            "outrider.kafka.properties.heartbeat.interval.ms", "300",
            "outrider.kafka.properties.fetch.max.wait.ms", "20");

    private final KafkaRaftServer server;
    private final int port;
    private final Map<String, String> trust;

    private TestBroker(KafkaRaftServer server, int port, Map<String, String> trust) {
        this.server = server;
        this.port = port;
        this.trust = trust;
    }

    public static TestBroker start(Path directory) throws Exception {
        int port = freePort();
        return start(directory, port, properties(directory, port, freePort()), Map.of());
    }

    /**
     * A broker that demands TLS and a login, as Event Hubs does: SASL PLAIN with a connection string, or OAUTHBEARER with a
     * token for an audience, signed by a key from an address.
     */
    public static TestBroker startDemandingLogin(
            Path directory, String connectionString, String keysUrl, String audience) throws Exception {
        int port = freePort();
        Path store = Files.createDirectories(directory).resolveSibling("broker.p12");
        int made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .inheritIO()
                .start()
                .waitFor();
        if (made != 0) {
            throw new IOException("keytool failed with " + made);
        }
        Properties properties = properties(directory, port, freePort());
        int inner = freePort();
        properties.put(
                "listeners",
                properties
                                .getProperty("listeners")
                                .replace("PLAINTEXT://127.0.0.1:" + port, "CLIENT://127.0.0.1:" + port)
                        + ",PLAINTEXT://127.0.0.1:" + inner);
        properties.put("advertised.listeners", "CLIENT://127.0.0.1:" + port + ",PLAINTEXT://127.0.0.1:" + inner);
        properties.put("listener.security.protocol.map", "CLIENT:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("ssl.keystore.type", "PKCS12");
        properties.put("ssl.keystore.location", store.toString());
        properties.put("ssl.keystore.password", STORE_PASSWORD);
        properties.put("sasl.enabled.mechanisms", "PLAIN,OAUTHBEARER");
        properties.put("listener.name.client.sasl.enabled.mechanisms", "PLAIN,OAUTHBEARER");
        properties.put(
                "listener.name.client.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_$ConnectionString=\""
                        + connectionString.replace("\\", "\\\\").replace("\"", "\\\"") + "\";");
        properties.put(
                "listener.name.client.oauthbearer.sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
        properties.put(
                "listener.name.client.oauthbearer.sasl.server.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
        properties.put("listener.name.client.oauthbearer.sasl.oauthbearer.jwks.endpoint.url", keysUrl);
        properties.put("listener.name.client.oauthbearer.sasl.oauthbearer.expected.audience", audience);
        // Whoever has logged in may do what no rule keeps for others.
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("allow.everyone.if.no.acl.found", "true");
        return start(
                directory,
                port,
                properties,
                Map.of(
                        "outrider.kafka.properties.ssl.truststore.type",
                        "PKCS12",
                        "outrider.kafka.properties.ssl.truststore.location",
                        store.toString(),
                        "outrider.kafka.properties.ssl.truststore.password",
                        STORE_PASSWORD));
    }

    private static TestBroker start(Path directory, int port, Properties properties, Map<String, String> trust)
            throws Exception {
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
        server.startup();
        return new TestBroker(server, port, trust);
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", directory.toString());
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("auto.create.topics.enable", "false");
        properties.put("log.segment.delete.delay.ms", "0");
        return properties;
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** Settings by which clients trust its certificate. */
    public Map<String, String> trust() {
        return trust;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The module's configuration for this broker, with overrides. */
    public Config config(Map<String, ?> overrides) {
        return ConfigFactory.parseMap(overrides)
                .withFallback(ConfigFactory.parseMap(BRISK))
                .withFallback(ConfigFactory.parseMap(Map.of("outrider.kafka.bootstrap-servers", bootstrapServers())))
                .withFallback(ConfigFactory.load());
    }

    public KafkaSettings settings() {
        return KafkaSettings.from(config(Map.of()));
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
