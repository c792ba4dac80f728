package io.outrider.app.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.node.Role;
import io.outrider.core.setting.Setting;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
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
        Optional<Path> tlsFolder,
        Duration startRetry,
        Duration stopLimit) {

    private static final String PATH = "outrider.node.";

    /** Named as in a Kubernetes secret of type tls. */
    private static final String KEY_FILE = "tls.key";

    private static final String CERTIFICATE_FILE = "tls.crt";
    private static final String CA_FILE = "ca.crt";

    NodeSettings {
        Setting.require(!host.isBlank(), PATH + "host", "must not be empty");
        tlsFolder.ifPresent(NodeSettings::requireTls);
        Setting.require(
                tlsFolder.isPresent() || isLoopback(host),
                PATH + "host",
                "must be a loopback address such as 127.0.0.1 while outrider.node.tls-folder is not set: " + host);
        Setting.require(port >= 0 && port <= 65_535, PATH + "port", "must be 0 to 65535: " + port);
        for (String seed : seedNodes) {
            Setting.require(
                    seed.matches("[^\\s/:]+:[0-9]{1,5}"),
                    PATH + "seed-nodes",
                    "must be HOST:PORT[,HOST:PORT…]: " + seed);
        }
        Setting.require(startRetry.toMillis() >= 1, PATH + "start-retry", "must be at least 1 ms: " + startRetry);
        Setting.require(stopLimit.toMillis() >= 1_000, PATH + "stop-limit", "must be at least 1 s: " + stopLimit);
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
                Optional.of(node.getString("tls-folder"))
                        .filter(folder -> !folder.isBlank())
                        .map(folder -> Path.of(folder).toAbsolutePath()),
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
                .withFallback(tlsFolder.map(NodeSettings::tls).orElse(ConfigFactory.empty()))
                .withFallback(root);
    }

    /** Both ends show a certificate of our CA; the files are read again from time to time, so they can be replaced. */
    private static Config tls(Path folder) {
        String engine = "pekko.remote.artery.ssl.rotating-keys-engine.";
        return ConfigFactory.parseMap(Map.of(
                "pekko.remote.artery.transport",
                "tls-tcp",
                "pekko.remote.artery.ssl.ssl-engine-provider",
                "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
                engine + "key-file",
                folder.resolve(KEY_FILE).toString(),
                engine + "cert-file",
                folder.resolve(CERTIFICATE_FILE).toString(),
                engine + "ca-cert-file",
                folder.resolve(CA_FILE).toString()));
    }

    private static void requireTls(Path folder) {
        for (String file : List.of(KEY_FILE, CERTIFICATE_FILE, CA_FILE)) {
            Setting.require(
                    Files.isReadable(folder.resolve(file)),
                    PATH + "tls-folder",
                    "has no readable " + file + ": " + folder);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
