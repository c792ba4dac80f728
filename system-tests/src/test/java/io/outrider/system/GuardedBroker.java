package io.outrider.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A broker in this JVM that lets each part of Outrider do on a topic what Terraform lets it do on the hub: who receives may read, who
 * sends may write, and who may neither does not see the topic. A second port is for the test itself, which may do everything.
 */
final class GuardedBroker implements AutoCloseable {

    static final List<String> PARTS = List.of("detection", "api", "batch", "rekey");

    private final KafkaRaftServer server;
    private final int port;
    private final int inner;

    private GuardedBroker(KafkaRaftServer server, int port, int inner) {
        this.server = server;
        this.port = port;
        this.inner = inner;
    }

    static GuardedBroker start(Path folder) throws Exception {
        int port = Processes.freePort();
        int inner = Processes.freePort();
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .addDirectory(folder.toString())
                .setMetadataLogDirectory(folder.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.latestProduction())
                .run();
        KafkaRaftServer server =
                new KafkaRaftServer(KafkaConfig.fromProps(properties(folder, port, inner)), Time.SYSTEM);
        server.startup();
        return new GuardedBroker(server, port, inner);
    }

    private static Properties properties(Path folder, int port, int inner) {
        int controller = Processes.freePort();
        StringBuilder users = new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
        PARTS.forEach(part -> users.append(" user_").append(part).append("=\"secret\""));
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controller,
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "INNER",
                "log.dirs", folder.toString()));
        properties.put(
                "listeners",
                "PARTS://127.0.0.1:" + port + ",INNER://127.0.0.1:" + inner + ",CONTROLLER://127.0.0.1:" + controller);
        properties.put("advertised.listeners", "PARTS://127.0.0.1:" + port + ",INNER://127.0.0.1:" + inner);
        properties.put("listener.security.protocol.map", "PARTS:SASL_PLAINTEXT,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("listener.name.parts.sasl.enabled.mechanisms", "PLAIN");
        properties.put("listener.name.parts.plain.sasl.jaas.config", users + ";");
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS");
        for (String copies : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            properties.put(copies + ".replication.factor", "1");
        }
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("auto.create.topics.enable", "false");
        return properties;
    }

    /** Gives each part its rights on the topics that there are to be. */
    void grant(AzureGrants grants) throws Exception {
        List<AclBinding> rights = new ArrayList<>();
        for (String part : PARTS) {
            rights.add(right(part, ResourceType.GROUP, "*", AclOperation.READ));
            for (String hub : grants.hubs(part, "receives")) {
                rights.add(right(part, ResourceType.TOPIC, hub, AclOperation.READ));
            }
            for (String hub : grants.hubs(part, "sends")) {
                rights.add(right(part, ResourceType.TOPIC, hub, AclOperation.WRITE));
            }
        }
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, innerServers()))) {
            admin.createAcls(rights).all().get(1, TimeUnit.MINUTES);
        }
    }

    private static AclBinding right(String part, ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + part, "*", operation, AclPermissionType.ALLOW));
    }

    /** Where parts come in, with a login. */
    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Where the test comes in. */
    String innerServers() {
        return "127.0.0.1:" + inner;
    }

    /** Settings, HOCON, by which a part logs in. */
    static String login(String part) {
        return """
                outrider.kafka.properties {
                  "security.protocol" = SASL_PLAINTEXT
                  "sasl.mechanism" = PLAIN
                  "sasl.jaas.config" = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\\"%s\\" password=\\"secret\\";"
                }
                """.formatted(part);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
