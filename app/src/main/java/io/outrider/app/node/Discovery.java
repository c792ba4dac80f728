package io.outrider.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finding the other nodes without knowing any of them: each asks for addresses (Kubernetes, or a list), asks those which
 * cluster they are in, and joins it. Where enough have been found and none is in a cluster, the one with the lowest address
 * forms one. So no node is the first, and any may be replaced.
 */
final class Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /** Whether this configuration finds nodes this way; {@code outrider.cluster.discovery} writes it. */
    private static final String METHOD = "pekko.management.cluster.bootstrap.contact-point-discovery.discovery-method";

    private static final String NEW_CLUSTER = "pekko.management.cluster.bootstrap.new-cluster-enabled";
    private static final String NONE = "none";
    private static final String TRANSPORT = "pekko.remote.artery.transport";
    private static final String TLS = "tls-tcp";
    private static final Duration BIND_LIMIT = Duration.ofSeconds(30);

    private Discovery() {}

    static boolean isOn(Config config) {
        return !config.getString(METHOD).equals(NONE);
    }

    /** The same, for a node that joins a cluster and forms none. */
    static Config joiningOnly(Config config) {
        return config.withValue(NEW_CLUSTER, ConfigValueFactory.fromAnyRef("off"));
    }

    /**
     * Begins to look for others, and to be found.
     *
     * @throws IllegalStateException if the management port is taken
     */
    static void begin(ActorSystem<?> system) {
        Config http = system.settings().config().getConfig("pekko.management.http");
        try {
            StopSteps.await(PekkoManagement.get(system).start(encryption(system, http)), BIND_LIMIT);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "cannot listen for other nodes' questions on " + http.getString("hostname") + ":"
                            + http.getInt("port") + " (outrider.cluster.management-port): is the port free?",
                    e);
        }
        ClusterBootstrap.get(system).start();
        if (!system.settings().config().getBoolean(NEW_CLUSTER)) {
            giveUpAfterwards(system);
        }
    }

    /**
     * Where nodes speak mutual TLS among themselves, they ask and answer in it, too: with the same certificates, read again as
     * often, and nobody without one of the cluster's own CA is answered. Addresses are no names in those certificates, so unlike
     * in the cluster itself the name is not compared.
     */
    private static UnaryOperator<ManagementRouteProviderSettings> encryption(ActorSystem<?> system, Config http) {
        if (!system.settings().config().getString(TRANSPORT).equals(TLS)) {
            return settings -> settings; // loopback: NodeSettings refuses anything else without certificates
        }
        SSLEngineProvider engines = new RotatingKeysSSLEngineProvider(Adapter.toClassic(system));
        Http.get(system).setDefaultClientHttpsContext(ConnectionContext.httpsClient(engines::createClientSSLEngine));
        HttpsConnectionContext server = ConnectionContext.httpsServer(
                () -> engines.createServerSSLEngine(http.getString("hostname"), http.getInt("port")));
        return settings -> settings.withHttpsConnectionContext(server);
    }

    /** A node that forms no cluster ends when it finds none in the time that joining may take, as one with seed nodes does. */
    private static void giveUpAfterwards(ActorSystem<?> system) {
        Duration limit =
                system.settings().config().getDuration("pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes");
        var unused = system.scheduler()
                .scheduleOnce(
                        limit,
                        () -> {
                            if (!ClusterMember.isUp(system)) {
                                LOG.warn(
                                        "No cluster found within {} s",
                                        TimeUnit.MILLISECONDS.toSeconds(limit.toMillis()));
                                system.terminate();
                            }
                        },
                        system.executionContext());
    }
}
