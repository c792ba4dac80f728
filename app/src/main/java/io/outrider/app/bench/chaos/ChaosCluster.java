package io.outrider.app.bench.chaos;

import io.outrider.app.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A broker and nodes as processes on loopback. Nodes reach one another through links on which their traffic can be held
 * back, and the lake, where it is a blob server, through links of their own. Which node a connection comes from is told
 * by its loopback address, one per node, so this runs where all of 127.0.0.0/8 is loopback, as on Linux.
 */
final class ChaosCluster implements AutoCloseable {

    private static final String NODE_OPTIONS = "-Xmx500m";

    private final Path home;
    private final Path folder;
    private final Path history;
    private final ChaosBroker broker;
    private final List<ChaosNode> nodes = new ArrayList<>();
    private final List<FaultyLink> clusterLinks = new ArrayList<>();
    private final List<FaultyLink> lakeLinks = new ArrayList<>();
    private final Thread onExit = new Thread(this::killAll, "chaos-end");

    /**
     * Makes what is needed and starts nothing.
     *
     * @param home the checkout that runs unless another is named
     * @param folder for logs, data and a lake
     * @param history what the first model is fitted on
     * @param blobServer an Azurite for the lake; without, it is a folder
     */
    ChaosCluster(Path home, Path folder, Path history, int size, Optional<URI> blobServer, long seed)
            throws IOException {
        this.home = home;
        this.folder = folder;
        this.history = history;
        this.broker = new ChaosBroker(home, folder);
        Runtime.getRuntime().addShutdownHook(onExit);
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ports.add(EmbeddedBroker.freePort());
            clusterLinks.add(new FaultyLink(ports.get(i), seed + i));
            if (blobServer.isPresent()) {
                lakeLinks.add(new FaultyLink(blobServer.get().getPort(), seed + size + i));
            }
        }
        for (int i = 0; i < size; i++) {
            nodes.add(member(i, ports.get(i)));
        }
    }

    static String nodeName(int index) {
        return "node-" + (index + 1);
    }

    Path home() {
        return home;
    }

    ChaosBroker broker() {
        return broker;
    }

    List<ChaosNode> nodes() {
        return nodes;
    }

    /** On a node's way to the lake. */
    FaultyLink lakeLink(int node) {
        return lakeLinks.get(node);
    }

    /** Lets nothing pass between a node and the others. */
    void partition(int node) {
        InetAddress own = address(node);
        for (int i = 0; i < clusterLinks.size(); i++) {
            clusterLinks.get(i).cutOff(i == node ? from -> !from.equals(own) : own::equals);
        }
    }

    /** Everything passes between all nodes; what was held back arrives. */
    void heal() {
        clusterLinks.forEach(FaultyLink::heal);
    }

    /** Starts all nodes and returns when they are ready. The first fits the model that the others find. */
    void start(Path from) throws IOException, InterruptedException {
        nodes.get(0).start(from);
        nodes.get(0).awaitReady();
        for (ChaosNode node : nodes.subList(1, nodes.size())) {
            node.start(from);
        }
        for (ChaosNode node : nodes) {
            node.awaitReady();
        }
    }

    private ChaosNode member(int index, int bindPort) throws IOException {
        String seeds =
                clusterLinks.stream().map(link -> "127.0.0.1:" + link.port()).collect(Collectors.joining(","));
        Path settings = folder.resolve(nodeName(index) + ".conf");
        Files.writeString(settings, """
                pekko.remote.artery {
                  bind { hostname = "127.0.0.1", port = %d }
                  advanced.tcp.outbound-client-hostname = "%s"
                }
                """.formatted(bindPort, address(index).getHostAddress()));
        List<String> arguments = new ArrayList<>(List.of(
                "--config",
                settings.toString(),
                "--port",
                Integer.toString(clusterLinks.get(index).port()),
                "--seed-nodes",
                seeds));
        Map<String, String> environment = new HashMap<>();
        if (lakeLinks.isEmpty()) {
            arguments.addAll(List.of("--lake", folder.resolve("lake").toString()));
        } else {
            environment.put(
                    "AZURE_STORAGE_CONNECTION_STRING",
                    Azurite.connectionString(lakeLinks.get(index).port()));
        }
        return node(nodeName(index), environment, arguments);
    }

    /** A node that is no member of this cluster, with a group, lake and topics of its own. */
    ChaosNode alone(String name, String suffix) throws IOException {
        return node(
                name,
                Map.of(
                        "OUTRIDER_KAFKA_GROUP_ID", "outrider" + suffix,
                        "OUTRIDER_TOPIC_ALERTS", broker.kafka(suffix).topics().alerts(),
                        "OUTRIDER_TOPIC_DEAD_LETTERS",
                                broker.kafka(suffix).topics().deadLetters()),
                List.of("--port", "0", "--lake", folder.resolve("lake" + suffix).toString()));
    }

    private ChaosNode node(String name, Map<String, String> environment, List<String> arguments) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("OUTRIDER_JAVA_OPTS", NODE_OPTIONS);
        List<String> more = new ArrayList<>(arguments);
        more.addAll(List.of("--bootstrap", broker.bootstrapServers(), "--train-first", history.toString()));
        return new ChaosNode(name, folder, EmbeddedBroker.freePort(), all, more);
    }

    private static InetAddress address(int node) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (11 + node)});
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private void killAll() {
        nodes.forEach(ChaosNode::close);
        broker.close();
    }

    @Override
    public void close() {
        killAll();
        for (FaultyLink link : clusterLinks) {
            link.close();
        }
        lakeLinks.forEach(FaultyLink::close);
        Runtime.getRuntime().removeShutdownHook(onExit);
    }
}
