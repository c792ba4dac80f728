package io.outrider.app.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.setting.Setting;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code outrider.cluster}; {@code reference.conf} says what each key means. */
record DiscoverySettings(
        Method method, List<String> contactPoints, int requiredContactPoints, int managementPort, String appVersion) {

    private static final String PATH = "outrider.cluster.";
    private static final String BOOTSTRAP = "pekko.management.cluster.bootstrap.contact-point-discovery.";

    /** How nodes find each other. */
    enum Method {
        SEED_NODES,
        KUBERNETES,
        CONFIG;

        static Method named(String name) {
            return Arrays.stream(values())
                    .filter(method -> method.name()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-')
                            .equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            PATH + "discovery: must be seed-nodes, kubernetes or config: " + name));
        }
    }

    DiscoverySettings {
        contactPoints = List.copyOf(contactPoints);
        for (String point : contactPoints) {
            Setting.require(
                    point.matches("[^\\s/:]+:[0-9]{1,5}"),
                    PATH + "contact-points",
                    "must be HOST:PORT[,HOST:PORT…]: " + point);
        }
        Setting.require(
                (method == Method.CONFIG) == !contactPoints.isEmpty(),
                PATH + "contact-points",
                method == Method.CONFIG
                        ? "must name the nodes for discovery config"
                        : "is for discovery config only: " + contactPoints);
        Setting.require(
                requiredContactPoints >= 1,
                PATH + "required-contact-points",
                "must be at least 1, better 2: " + requiredContactPoints);
        Setting.require(
                managementPort >= 1 && managementPort <= 65_535,
                PATH + "management-port",
                "must be 1 to 65535: " + managementPort);
        Setting.require(
                appVersion.matches("[0-9]+(\\.[0-9]+){0,2}([.+-][0-9A-Za-z.+-]+)?"),
                PATH + "app-version",
                "must be a version such as 1.2.3: " + appVersion);
    }

    /** Reads the settings; IllegalArgumentException names a bad key. */
    static DiscoverySettings from(Config root) {
        Config cluster = root.getConfig("outrider.cluster");
        return new DiscoverySettings(
                Method.named(cluster.getString("discovery")),
                Arrays.stream(cluster.getString("contact-points").split(",", -1))
                        .map(String::strip)
                        .filter(point -> !point.isEmpty())
                        .toList(),
                cluster.getInt("required-contact-points"),
                cluster.getInt("management-port"),
                cluster.getString("app-version"));
    }

    /** The configuration of the node's actor system. */
    Config over(NodeSettings node, Config root) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("pekko.cluster.app-version", appVersion);
        if (method != Method.SEED_NODES) {
            Setting.require(
                    node.seedNodes().isEmpty(),
                    PATH + "discovery",
                    "is given as well as outrider.node.seed-nodes; take one");
            settings.put("pekko.management.http.hostname", node.host());
            settings.put("pekko.management.http.port", managementPort);
            settings.put(BOOTSTRAP + "required-contact-point-nr", requiredContactPoints);
            settings.put(BOOTSTRAP + "discovery-method", method == Method.KUBERNETES ? "kubernetes-api" : "config");
        }
        if (method == Method.KUBERNETES) {
            settings.put(BOOTSTRAP + "port-name", "management");
        }
        if (method == Method.CONFIG) {
            settings.put(
                    "pekko.discovery.config.services",
                    Map.of(
                            "outrider",
                            Map.of(
                                    "endpoints",
                                    contactPoints.stream()
                                            .map(DiscoverySettings::endpoint)
                                            .toList())));
        }
        return ConfigFactory.parseMap(settings).withFallback(root);
    }

    private static Map<String, Object> endpoint(String point) {
        int colon = point.lastIndexOf(':');
        return Map.of("host", point.substring(0, colon), "port", Integer.parseInt(point.substring(colon + 1)));
    }
}
