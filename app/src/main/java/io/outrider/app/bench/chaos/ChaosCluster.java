package io.outrider.app.bench.chaos;

import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A broker and nodes as processes on loopback. Nodes reach one another through links on which their traffic can be held
 * back, and the lake, where it is a blob server, through links of their own. Which node a connection comes from is told
 * by its loopback address, one per node, so this runs where all of 127.0.0.0/8 is loopback, as on Linux.
 */
final class ChaosCluster implements AutoCloseable {

    /** How many nodes. */
    static final int SIZE = 3;

    private static final String NODE_OPTIONS = "-Xmx500m " + OutriderProcess.SHORT_LIVED;

    private final ChaosWorld.Request request;
    private final Path history;
    private final ChaosBroker broker;
    private final List<ChaosNode> nodes = new ArrayList<>();
    private final List<FaultyLink> clusterLinks = new ArrayList<>();
    private final List<FaultyLink> lakeLinks = new ArrayList<>();
    private final Set<Integer> cutOff = new HashSet<>();
    private final Set<ChaosNode> apart = ConcurrentHashMap.newKeySet();
    private final Thread onExit = new Thread(this::endEarly, "chaos-end");

    /**
     * Makes what is needed and starts nothing.
     *
     * @param history what the first model is fitted on
     */
    ChaosCluster(ChaosWorld.Request request, Path history) throws IOException {
        this.request = request;
        this.history = history;
        this.broker = new ChaosBroker(request.home(), request.folder());
        Runtime.getRuntime().addShutdownHook(onExit);
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            ports.add(EmbeddedBroker.freePort());
            clusterLinks.add(new FaultyLink(ports.get(i), request.seed() + i));
            if (request.blobServer().isPresent()) {
                int port = request.blobServer().get().getPort();
                lakeLinks.add(new FaultyLink(port, request.seed() + SIZE + i));
            }
        }
        for (int i = 0; i < SIZE; i++) {
            nodes.add(member(i, ports.get(i)));
        }
    }

    static String nodeName(int index) {
        return "node-" + (index + 1);
    }

    Path home() {
        return request.home();
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

    /** Lets nothing pass between a node and the others, until it is healed. */
    synchronized void partition(int node) {
        cutOff.add(node);
        setLinks();
    }

    /** Everything passes between a node and the others that are not cut off themselves; what was held back arrives. */
    synchronized void heal(int node) {
        cutOff.remove(node);
        setLinks();
    }

    private void setLinks() {
        Set<InetAddress> addresses = cutOff.stream().map(ChaosCluster::address).collect(Collectors.toUnmodifiableSet());
        for (int i = 0; i < clusterLinks.size(); i++) {
            InetAddress own = address(i);
            clusterLinks.get(i).cutOff(cutOff.contains(i) ? from -> !from.equals(own) : addresses::contains);
        }
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
        Path settings = request.folder().resolve(nodeName(index) + ".conf");
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
            arguments.addAll(List.of("--lake", request.folder().resolve("lake").toString()));
        } else {
            environment.put(
                    "AZURE_STORAGE_CONNECTION_STRING",
                    Azurite.connectionString(lakeLinks.get(index).port()));
        }
        return node(nodeName(index), environment, arguments);
    }

    /** A node that is no member of this cluster, with this cluster's model, and a group, lake and topics of its own. */
    ChaosNode alone(String name, String suffix) throws IOException {
        Path lake = request.folder().resolve("lake" + suffix);
        BlobStore models = request.blobServer().isPresent()
                ? Azurite.store(request.blobServer().get().getPort())
                : new FolderBlobStore(request.folder().resolve("lake"));
        copyModels(models, new FolderBlobStore(lake));
        ChaosNode alone = node(
                name,
                Map.of(
                        "OUTRIDER_KAFKA_GROUP_ID", "outrider" + suffix,
                        "OUTRIDER_TOPIC_ALERTS", broker.kafka(suffix).topics().alerts(),
                        "OUTRIDER_TOPIC_DEAD_LETTERS",
                                broker.kafka(suffix).topics().deadLetters()),
                List.of("--port", "0", "--lake", lake.toString()));
        apart.add(alone);
        return alone;
    }

    /** Gives a lake the models of another, and which of them is in force. */
    static void copyModels(BlobStore from, BlobStore to) throws IOException {
        for (BlobStore.Entry blob : from.list("models/")) {
            to.put(blob.name(), from.get(blob.name()).orElseThrow().content());
        }
    }

    private ChaosNode node(String name, Map<String, String> environment, List<String> arguments) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("OUTRIDER_JAVA_OPTS", NODE_OPTIONS);
        List<String> more = new ArrayList<>(arguments);
        more.addAll(List.of("--bootstrap", broker.bootstrapServers(), "--train-first", history.toString()));
        return new ChaosNode(name, request.folder(), EmbeddedBroker.freePort(), all, more);
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
        apart.forEach(ChaosNode::close);
        broker.close();
    }

    /** This program is asked to end: no process outlives it. */
    private void endEarly() {
        killAll();
        System.err.println("ended early, with all processes that were started; logs are in " + request.folder());
    }

    @Override
    public void close() {
        killAll();
        for (FaultyLink link : clusterLinks) {
            link.close();
        }
        lakeLinks.forEach(FaultyLink::close);
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // It is what ended us.
        }
    }
}
