package io.outrider.app.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code outrider.node}; {@code reference.conf} says what each key means. */
record NodeSettings(
        String host,
        int port,
        List<String> seedNodes,
        Set<Role> roles,
        String plan,
        String partitioner,
        Optional<Path> lakeFolder,
        Duration startRetry,
        Duration stopLimit) {

    private static final String PATH = "outrider.node.";

    NodeSettings {
        require(!host.isBlank(), "host", "must not be empty");
        require(port >= 0 && port <= 65_535, "port", "must be 0 to 65535: " + port);
        for (String seed : seedNodes) {
            require(seed.matches("[^\\s/:]+:[0-9]{1,5}"), "seed-nodes", "must be HOST:PORT[,HOST:PORT…]: " + seed);
        }
        require(startRetry.toMillis() >= 1, "start-retry", "must be at least 1 ms");
        require(stopLimit.toMillis() >= 1_000, "stop-limit", "must be at least 1 s");
    }

    /** Reads the settings; IllegalArgumentException or ConfigException names a bad key. */
    static NodeSettings from(Config root) {
        Config node = root.getConfig("outrider.node");
        Set<Role> roles;
        try {
            roles = Role.parse(node.getString("roles"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PATH + "roles: " + e.getMessage(), e);
        }
        return new NodeSettings(
                node.getString("host"),
                node.getInt("port"),
                Arrays.stream(node.getString("seed-nodes").split(","))
                        .map(String::strip)
                        .filter(seed -> !seed.isEmpty())
                        .toList(),
                roles,
                node.getString("plan"),
                node.getString("partitioner"),
                Optional.of(node.getString("lake-folder"))
                        .filter(folder -> !folder.isBlank())
                        .map(Path::of),
                node.getDuration("start-retry"),
                node.getDuration("stop-limit"));
    }

    /** The configuration of the node's actor system. */
    Config over(Config root) {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.remote.artery.canonical.hostname",
                        host,
                        "pekko.remote.artery.canonical.port",
                        port,
                        "pekko.cluster.seed-nodes",
                        seedNodes.stream()
                                .map(seed -> "pekko://outrider@" + seed)
                                .toList(),
                        "pekko.cluster.roles",
                        roles.stream().map(Role::wireName).sorted().toList(),
                        "outrider.training.plan",
                        plan))
                .withFallback(root);
    }

    private static void require(boolean holds, String key, String what) {
        if (!holds) {
            throw new IllegalArgumentException(PATH + key + ": " + what);
        }
    }
}
