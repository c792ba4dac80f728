package io.outrider.ingestion.kafka;

import com.typesafe.config.Config;
import io.outrider.core.setting.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Event Hubs through its Kafka endpoint ({@code outrider.kafka.event-hubs}): who we are there, by a connection string (SASL
 * PLAIN) or as the pod's workload identity (OAUTHBEARER, a federated token exchanged for one of Entra ID), and the client
 * properties that the service asks for. Immutable.
 *
 * @param host of the namespace
 * @param port of the Kafka endpoint
 * @param hub where the transactions are; empty: as {@code outrider.kafka.topics.transactions} says
 * @param login who we are
 */
public record EventHubsSettings(String host, int port, Optional<String> hub, Login login) {

    private static final String PATH = "outrider.kafka.event-hubs.";
    private static final Pattern ENDPOINT = Pattern.compile("(?i)(?:^|;)Endpoint=sb://([^/;:]+)[^;]*");
    private static final Pattern ENTITY = Pattern.compile("(?i)(?:^|;)EntityPath=([^;]+)");

    /** Under the 240 s after which the service drops a connection that is idle. */
    private static final String IDLE_MS = "180000";

    private static final String REQUEST_MS = "60000";

    /** The service takes 1,046,528 bytes with all overhead. */
    static final int MAX_REQUEST_BYTES = 1_000_000;

    /** Who we are at Event Hubs. */
    public sealed interface Login {}

    /** By a key that stands in the connection string. */
    public record ConnectionString(String secret) implements Login {
        @Override
        public String toString() {
            return "connection string";
        }
    }

    /** As a workload identity: Kubernetes writes a token to the file, which Entra ID takes as an assertion of who we are. */
    public record WorkloadIdentity(String clientId, String tokenEndpoint, String tokenFile) implements Login {}

    public EventHubsSettings {
        Setting.require(
                host.matches("[A-Za-z0-9.-]+"),
                PATH + "fully-qualified-namespace",
                "must be a host such as NAMESPACE.servicebus.windows.net: " + host);
        Setting.require(port >= 1 && port <= 65_535, PATH + "port", "must be 1 to 65535: " + port);
        if (login instanceof WorkloadIdentity identity) {
            String missing =
                    "; on AKS the webhook sets it where the pod has the label azure.workload.identity/use: \"true\"."
                            + " Or give EVENTHUB_CONNECTION_STR";
            Setting.require(!identity.clientId().isBlank(), PATH + "client-id", "AZURE_CLIENT_ID is not set" + missing);
            Setting.require(
                    !identity.tokenFile().isBlank(),
                    PATH + "token-file",
                    "AZURE_FEDERATED_TOKEN_FILE is not set" + missing);
        }
    }

    /** Reads {@code outrider.kafka.event-hubs}; empty where neither namespace nor connection string is given. */
    static Optional<EventHubsSettings> from(Config kafka) {
        Config hubs = kafka.getConfig("event-hubs");
        String namespace = hubs.getString("fully-qualified-namespace").strip();
        String secret = hubs.getString("connection-string").strip();
        Optional<String> name = Optional.of(hubs.getString("name").strip()).filter(hub -> !hub.isEmpty());
        if (!secret.isEmpty()) {
            return Optional.of(byConnectionString(hubs.getInt("port"), namespace, secret, name));
        }
        if (namespace.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EventHubsSettings(
                namespace,
                hubs.getInt("port"),
                name,
                new WorkloadIdentity(hubs.getString("client-id"), tokenEndpoint(hubs), hubs.getString("token-file"))));
    }

    private static EventHubsSettings byConnectionString(
            int port, String namespace, String secret, Optional<String> name) {
        Matcher endpoint = ENDPOINT.matcher(secret);
        // The string itself is a secret: no error repeats it.
        Setting.require(
                endpoint.find() && secret.contains("SharedAccessKey"),
                PATH + "connection-string",
                "must be Endpoint=sb://NAMESPACE.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=…");
        Setting.require(
                namespace.isEmpty() || namespace.equalsIgnoreCase(endpoint.group(1)),
                PATH + "fully-qualified-namespace",
                "is " + namespace + ", but the connection string is for " + endpoint.group(1));
        Matcher entity = ENTITY.matcher(secret);
        Optional<String> hub = name.isEmpty() && entity.find() ? Optional.of(entity.group(1)) : name;
        return new EventHubsSettings(endpoint.group(1), port, hub, new ConnectionString(secret));
    }

    private static String tokenEndpoint(Config hubs) {
        String authority = hubs.getString("authority-host");
        String tenant = hubs.getString("tenant-id");
        Setting.require(
                !tenant.isBlank(),
                PATH + "tenant-id",
                "AZURE_TENANT_ID is not set; on AKS the workload identity webhook sets it");
        return authority + (authority.endsWith("/") ? "" : "/") + tenant + "/oauth2/v2.0/token";
    }

    String bootstrapServers() {
        return host + ":" + port;
    }

    /** Properties of every client. */
    Map<String, String> clientProperties() {
        Map<String, String> client = new LinkedHashMap<>();
        client.put("security.protocol", "SASL_SSL");
        client.put("metadata.max.age.ms", IDLE_MS);
        client.put("connections.max.idle.ms", IDLE_MS);
        client.put("request.timeout.ms", REQUEST_MS);
        if (login instanceof ConnectionString connection) {
            client.put("sasl.mechanism", "PLAIN");
            client.put(
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"$ConnectionString\""
                            + " password=\"" + escaped(connection.secret()) + "\";");
        } else if (login instanceof WorkloadIdentity identity) {
            allow("org.apache.kafka.sasl.oauthbearer.allowed.urls", identity.tokenEndpoint());
            allow("org.apache.kafka.sasl.oauthbearer.allowed.files", identity.tokenFile());
            client.put("sasl.mechanism", "OAUTHBEARER");
            client.put(
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
            client.put(
                    "sasl.login.callback.handler.class",
                    "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
            client.put("sasl.oauthbearer.token.endpoint.url", identity.tokenEndpoint());
            client.put("sasl.oauthbearer.client.credentials.client.id", identity.clientId());
            client.put("sasl.oauthbearer.scope", "https://" + host + "/.default");
            client.put("sasl.oauthbearer.assertion.file", identity.tokenFile());
        }
        return client;
    }

    private static String escaped(String quoted) {
        return quoted.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** Kafka's client goes to no address and reads no file for a token that the process has not allowed it to. */
    private static synchronized void allow(String property, String what) {
        String allowed = System.getProperty(property, "");
        if (!(',' + allowed + ',').contains(',' + what + ',')) {
            System.setProperty(property, allowed.isEmpty() ? what : allowed + ',' + what);
        }
    }
}
