package io.outrider.system;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** A broker and nodes as processes on loopback, with one folder for their lake. */
final class ClusterProcesses implements AutoCloseable {

    static final int PARTITIONS = 6;

    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path folder;
    private final Path history;
    private final int kafkaPort = Processes.freePort();
    private final List<Node> nodes = new ArrayList<>();
    private final Process broker;
    private final boolean discovering;
    private final int managementPort = Processes.freePort();
    private Map<String, String> certificates = Map.of();

    /** @param history what the first model is fitted on */
    ClusterProcesses(Path folder, Path history, int size) throws Exception {
        this(folder, history, size, Map.of(), false);
    }

    /** The same, with nodes that have more in their environment. */
    ClusterProcesses(Path folder, Path history, int size, Map<String, String> environment) throws Exception {
        this(folder, history, size, environment, false);
    }

    /**
     * Nodes that know no first one: each has a loopback address of its own (127.0.0.2 and on, so this runs where all of
     * 127.0.0.0/8 is loopback, as on Linux), and asks the others at theirs.
     */
    static ClusterProcesses discovering(Path folder, Path history, int size) throws Exception {
        return new ClusterProcesses(folder, history, size, Map.of(), true);
    }

    private ClusterProcesses(Path folder, Path history, int size, Map<String, String> environment, boolean discovering)
            throws Exception {
        this.folder = folder;
        this.history = history;
        this.discovering = discovering;
        this.broker = Processes.outrider(
                folder.resolve("broker.log"),
                memory(400),
                List.of(
                        "broker",
                        "--port",
                        "" + kafkaPort,
                        "--data-dir",
                        folder.resolve("kafka").toString()));
        for (int i = 0; i < size; i++) {
            nodes.add(new Node("node-" + (i + 1), Processes.freePort(), folder.resolve("lake"), environment));
        }
    }

    /** How the node at this place in the list finds the others. */
    private Map<String, String> joining(int index, int port) {
        if (!discovering || port == 0) {
            String seeds = nodes.stream().map(node -> "127.0.0.1:" + node.port).collect(Collectors.joining(","));
            return Map.of("OUTRIDER_NODE_SEED_NODES", port == 0 ? "" : seeds);
        }
        return Map.of(
                "OUTRIDER_NODE_HOST",
                address(index),
                "OUTRIDER_CLUSTER_DISCOVERY",
                "config",
                "OUTRIDER_CLUSTER_MANAGEMENT_PORT",
                "" + managementPort,
                "OUTRIDER_CLUSTER_CONTACT_POINTS",
                IntStream.range(0, nodes.size())
                        .mapToObj(node -> address(node) + ":" + managementPort)
                        .collect(Collectors.joining(",")));
    }

    private static String address(int index) {
        return "127.0.0." + (2 + index);
    }

    /** Nodes that are started from now on speak mutual TLS, with what is in this folder. */
    void certificates(Path tls) {
        certificates = Map.of("OUTRIDER_NODE_TLS_FOLDER", tls.toString());
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    Node node(int index) {
        return nodes.get(index);
    }

    /** Creates the topics, trying until the broker is there. */
    void createTopics(Map<String, String> environment) throws Exception {
        for (int i = 0; i < 20; i++) {
            Process create = Processes.outrider(
                    folder.resolve("topics.log"),
                    with(environment, Map.of("OUTRIDER_TOPIC_PARTITIONS", "" + PARTITIONS)),
                    List.of("topics", "create", "--bootstrap", bootstrapServers()));
            if (create.waitFor() == 0) {
                return;
            }
        }
        throw new AssertionError("the topics could not be created; see " + folder.resolve("topics.log"));
    }

    /** Per alert id, the different things that were said under it. */
    Map<String, Set<String>> alerts(String topic) {
        Map<String, Set<String>> alerts = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        TopicPartition only = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(only));
            consumer.seekToBeginning(List.of(only));
            long end = consumer.endOffsets(List.of(only)).getOrDefault(only, 0L);
            while (consumer.position(only) < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    JsonNode alert = json.readTree(record.value());
                    alerts.computeIfAbsent(alert.get("id").asText(), id -> new HashSet<>())
                            .add(alert.toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return alerts;
    }

    /** A node that is no member of this cluster: by itself, on the same broker. */
    Node alone(String name, Path lake, Map<String, String> environment) {
        return new Node(name, 0, lake, environment);
    }

    /** How long it takes until these nodes run all partitions between them. */
    Duration untilServing(Duration limit, Node... survivors) {
        long start = System.nanoTime();
        await().atMost(limit)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> running(survivors)
                        .equals(IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet())));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Set<Integer> running(Node... survivors) throws InterruptedException {
        Set<Integer> running = new TreeSet<>();
        for (Node node : survivors) {
            running.addAll(node.http().partitions());
        }
        return running;
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        broker.destroyForcibly().onExit().join();
    }

    private static Map<String, String> memory(int megabytes) {
        return Map.of("OUTRIDER_JAVA_OPTS", "-Xmx" + megabytes + "m");
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    /** One node, through all its processes. */
    final class Node implements AutoCloseable {

        private final String name;
        private final int port;
        private final Path lake;
        private final Map<String, String> environment;
        private final int httpPort = Processes.freePort();
        private final OutriderHttp http = new OutriderHttp(httpPort);
        private @Nullable Process process;

        Node(String name, int port, Path lake, Map<String, String> environment) {
            this.name = name;
            this.port = port;
            this.lake = lake;
            this.environment = environment;
        }

        OutriderHttp http() {
            return http;
        }

        /** What it has written, through all its processes. */
        Path log() {
            return folder.resolve(name + ".log");
        }

        /** As the cluster calls it. */
        String address() {
            return "127.0.0.1:" + port;
        }

        void start() throws IOException {
            int index = nodes.indexOf(this);
            List<String> arguments = new ArrayList<>(List.of(
                    "node",
                    "--port",
                    "" + port,
                    "--bootstrap",
                    bootstrapServers(),
                    "--http-port",
                    "" + httpPort,
                    "--lake",
                    lake.toString()));
            // Started at once, one of them fits the model that the others wait for.
            if (!discovering || index <= 0) {
                arguments.addAll(List.of("--train-first", history.toString()));
            }
            process = Processes.outrider(
                    log(), with(with(with(environment, memory(500)), joining(index, port)), certificates), arguments);
        }

        private Process process() {
            if (process == null) {
                throw new IllegalStateException(name + " was not started");
            }
            return process;
        }

        void awaitReady() {
            await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(250)).until(() -> {
                if (!process().isAlive()) {
                    throw new AssertionError(
                            name + " ended with " + process().exitValue() + "; see its log in " + folder);
                }
                return http.isReady();
            });
        }

        /** {@code kill -9}. */
        void kill() throws InterruptedException {
            process().destroyForcibly().waitFor();
        }

        void freeze() throws Exception {
            Processes.signal(process().toHandle(), "STOP");
        }

        void thaw() throws Exception {
            Processes.signal(process().toHandle(), "CONT");
        }

        /** SIGTERM; returns what the process ended with. */
        int terminate() throws InterruptedException {
            process().destroy();
            if (!process().waitFor(90, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " did not end within 90 s of being asked to");
            }
            return process().exitValue();
        }

        @Override
        public void close() {
            if (process != null) {
                process.destroyForcibly().onExit().join();
            }
        }
    }
}
