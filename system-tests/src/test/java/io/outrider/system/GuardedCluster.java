package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Outrider's parts as processes, a node of one role each and the re-keying stage, before a broker and a blob server that let each of
 * them do what Terraform lets its identity do on Azure.
 */
final class GuardedCluster implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> NODES = List.of("detection", "api", "batch");

    private final Path folder;
    private final URI blobServer;
    private final AzureGrants grants;
    private final GuardedBroker broker;
    private final Map<String, GuardedLake> lakes = new TreeMap<>();
    private final Map<String, OutriderHttp> http = new TreeMap<>();
    private final List<Process> processes = new ArrayList<>();

    /** A broker with its topics and rights; no part runs yet. */
    GuardedCluster(Path folder, URI blobServer, AzureGrants grants) throws Exception {
        this.folder = folder;
        this.blobServer = blobServer;
        this.grants = grants;
        this.broker = GuardedBroker.start(Files.createDirectory(folder.resolve("kafka")));
        Process create = Processes.outrider(
                folder.resolve("topics.log"),
                Map.of("OUTRIDER_TOPIC_PARTITIONS", "4"),
                List.of("topics", "create", "--bootstrap", broker.innerServers()));
        assertThat(create.waitFor())
                .as(Files.readString(folder.resolve("topics.log")))
                .isZero();
        broker.grant(grants);
    }

    /** Where the test comes in. */
    String innerServers() {
        return broker.innerServers();
    }

    /** Stands in for Event Hubs Capture, until some of the topic is in the raw log: a node that may do everything. */
    void capture() throws Exception {
        Set<String> all = grants.containers();
        try (GuardedLake lake = new GuardedLake(blobServer, all, Set.of(), all)) {
            Process node = node(
                    "capture",
                    List.of(
                            "--port",
                            "0",
                            "--http-port",
                            "0",
                            "--bootstrap",
                            broker.innerServers(),
                            "--train-first",
                            history()),
                    Map.of(
                            "OUTRIDER_NODE_ROLES", "batch",
                            "OUTRIDER_CAPTURE_ENABLED", "true",
                            "OUTRIDER_CAPTURE_TIME_WINDOW", "2 s",
                            "OUTRIDER_SUPERVISOR_ETL_CRON", "",
                            "AZURE_STORAGE_CONNECTION_STRING", lake.connectionString()));
            await("captured files").atMost(LIMIT).until(() -> lake.used().contains("writes raw-transactions"));
            node.destroy();
            assertThat(node.waitFor())
                    .as(Files.readString(folder.resolve("capture.log")))
                    .isZero();
        }
    }

    /** Starts all parts, and waits until the nodes are ready. */
    void start() throws Exception {
        Map<String, Integer> ports =
                NODES.stream().collect(Collectors.toMap(part -> part, part -> Processes.freePort()));
        String seeds = ports.values().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        for (String part : NODES) {
            GuardedLake lake = new GuardedLake(
                    blobServer,
                    grants.containers(),
                    grants.containers(part, "reads"),
                    grants.containers(part, "writes"));
            lakes.put(part, lake);
            int httpPort = Processes.freePort();
            http.put(part, new OutriderHttp(httpPort));
            Path login = Files.writeString(folder.resolve(part + ".conf"), GuardedBroker.login(part));
            node(
                    part,
                    List.of(
                            "--port",
                            "" + ports.get(part),
                            "--http-port",
                            "" + httpPort,
                            "--bootstrap",
                            broker.bootstrapServers(),
                            "--config",
                            login.toString()),
                    Map.of(
                            "OUTRIDER_NODE_ROLES", part,
                            "OUTRIDER_NODE_SEED_NODES", seeds,
                            "OUTRIDER_SUPERVISOR_ETL_CRON", "",
                            "OUTRIDER_RETENTION_DATASETS", "90d",
                            "OUTRIDER_RETENTION_ROWS", "90d",
                            "OUTRIDER_RETENTION_MODELS", "90d",
                            "OUTRIDER_RETENTION_UNDELIVERED", "90d",
                            "AZURE_STORAGE_CONNECTION_STRING", lake.connectionString()));
        }
        startRekey();
        for (String part : NODES) {
            await("readiness of " + part).atMost(LIMIT).until(() -> http(part).isReady());
        }
    }

    private Process node(String name, List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(arguments);
        Map<String, String> all = new HashMap<>(environment);
        all.put("OUTRIDER_JAVA_OPTS", "-Xmx400m");
        all.put("OUTRIDER_TOPIC_PARTITIONS", "4");
        Process process = Processes.outrider(folder.resolve(name + ".log"), all, command);
        processes.add(process);
        return process;
    }

    private String history() throws IOException {
        return ClusterLoad.history(folder.resolve("history.csv")).toString();
    }

    /** No member of the cluster. */
    private void startRekey() throws IOException {
        processes.add(Processes.outrider(folder.resolve("rekey.log"), login("rekey"), List.of("rekey")));
    }

    /** Environment of a command that logs in as a part; its settings come by a file that stands in for the program's own. */
    private Map<String, String> login(String part) throws IOException {
        Path settings = Files.writeString(
                folder.resolve(part + "-command.conf"),
                "include classpath(\"application.conf\")\n" + GuardedBroker.login(part));
        return Map.of(
                "OUTRIDER_JAVA_OPTS",
                "-Xmx300m -Dconfig.file=" + settings,
                "OUTRIDER_KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "OUTRIDER_TOPIC_PARTITIONS",
                "4");
    }

    /** Runs a command with a part's rights, as in its pod; it must succeed. */
    void run(String part, String... command) throws Exception {
        Path log = folder.resolve(part + "-" + String.join("-", command) + ".log");
        Map<String, String> environment = new HashMap<>(login(part));
        environment.put(
                "AZURE_STORAGE_CONNECTION_STRING",
                Objects.requireNonNull(lakes.get(part)).connectionString());
        Process process = Processes.outrider(log, environment, List.of(command));
        processes.add(process);
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    }

    /** Asks all parts to stop, and waits until they have. */
    void stop() throws Exception {
        for (Process process : processes) {
            process.destroy();
        }
        for (Process process : processes) {
            process.waitFor();
        }
    }

    OutriderHttp http(String part) {
        return Objects.requireNonNull(http.get(part));
    }

    /** What a part did in the lake. */
    Set<String> used(String part) {
        return Objects.requireNonNull(lakes.get(part)).used();
    }

    /** What parts tried in the lake and may not, by part. */
    Map<String, Set<String>> refused() {
        Map<String, Set<String>> refused = new TreeMap<>();
        lakes.forEach((part, lake) -> {
            if (!lake.refused().isEmpty()) {
                refused.put(part, lake.refused());
            }
        });
        return refused;
    }

    /** What a part says of rights that it does not have, the broker's among them. */
    List<String> complaints(String part) throws IOException {
        try (var lines = Files.lines(folder.resolve(part + ".log"))) {
            return lines.filter(line -> line.contains("uthoriz")).limit(5).toList();
        }
    }

    @Override
    public void close() {
        processes.forEach(process -> process.destroyForcibly().onExit().join());
        lakes.values().forEach(GuardedLake::close);
        broker.close();
    }
}
