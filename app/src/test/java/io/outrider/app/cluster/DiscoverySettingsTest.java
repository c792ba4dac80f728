package io.outrider.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

/** How a node is told to find others. */
class DiscoverySettingsTest {

    private static final String BOOTSTRAP = "pekko.management.cluster.bootstrap.contact-point-discovery.";

    private static Config system(String text) {
        Config given = ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.load())
                .resolve();
        NodeSettings node = NodeSettings.from(given);
        return DiscoverySettings.from(given).over(node, node.over(given)).resolve();
    }

    @Test
    void withoutSayingSoNothingIsDiscovered() {
        assertThat(system("").getString(BOOTSTRAP + "discovery-method")).isEqualTo("none");
    }

    @Test
    void onKubernetesPodsAreFoundByLabelAndPort() {
        Config config = system("""
                outrider.cluster { discovery = kubernetes, required-contact-points = 3, app-version = "1.4.0" }
                outrider.node.host = "127.0.0.7"
                """);
        assertThat(config.getString(BOOTSTRAP + "discovery-method")).isEqualTo("kubernetes-api");
        assertThat(config.getString(BOOTSTRAP + "service-name")).isEqualTo("outrider");
        assertThat(config.getString(BOOTSTRAP + "port-name")).isEqualTo("management");
        assertThat(config.getInt(BOOTSTRAP + "required-contact-point-nr")).isEqualTo(3);
        assertThat(config.getString("pekko.discovery.kubernetes-api.pod-label-selector"))
                .isEqualTo("app=%s");
        assertThat(config.getString("pekko.management.http.hostname")).isEqualTo("127.0.0.7");
        assertThat(config.getInt("pekko.management.http.port")).isEqualTo(7626);
        assertThat(config.getString("pekko.cluster.app-version")).isEqualTo("1.4.0");
    }

    @Test
    void contactPointsAreTheEndpointsOfConfigDiscovery() {
        Config config =
                system("outrider.cluster { discovery = config, contact-points = \"127.0.0.2:7626, 127.0.0.3:7626\" }");
        assertThat(config.getConfigList("pekko.discovery.config.services.outrider.endpoints"))
                .extracting(endpoint -> endpoint.getString("host") + ":" + endpoint.getInt("port"))
                .containsExactly("127.0.0.2:7626", "127.0.0.3:7626");
    }

    @Test
    void whatCannotBeMeantIsRefusedByItsKey() {
        assertThatThrownBy(() -> system("outrider.cluster.discovery = dns"))
                .hasMessage("outrider.cluster.discovery: must be seed-nodes, kubernetes or config: dns");
        assertThatThrownBy(() -> system("outrider.cluster.discovery = config"))
                .hasMessageContaining("outrider.cluster.contact-points");
        assertThatThrownBy(() -> system("outrider.cluster.contact-points = \"127.0.0.2:7626\""))
                .hasMessageContaining("for discovery config only");
        assertThatThrownBy(() -> system("outrider.cluster.required-contact-points = 0"))
                .hasMessageContaining("outrider.cluster.required-contact-points");
        assertThatThrownBy(() -> system("outrider.cluster.app-version = newest"))
                .hasMessageContaining("outrider.cluster.app-version");
        assertThatThrownBy(() ->
                        system("outrider { cluster.discovery = kubernetes, node.seed-nodes = \"10.0.0.1:17355\" }"))
                .hasMessageContaining("take one");
    }
}
