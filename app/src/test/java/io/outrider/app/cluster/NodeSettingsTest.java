package io.outrider.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.node.Role;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a node is told. */
class NodeSettingsTest {

    @Test
    void alonePerDefaultAndOnLoopback() {
        NodeSettings settings = settings("");

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.seedNodes()).isEmpty();
        assertThat(settings.roles()).containsExactlyInAnyOrder(Role.values());
        assertThat(settings.lakeFolder()).isEmpty();
    }

    @Test
    void theActorSystemIsToldWhereItIsAndWhomToJoin() {
        Config config = settings("""
                        outrider.node {
                          host = "127.0.0.1", port = 7000, roles = "api, detection"
                          seed-nodes = "127.0.0.1:7000, 10.0.0.2:7000", lake-folder = "/lake"
                        }
                        """).over(ConfigFactory.load());

        assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("127.0.0.1");
        assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(7000);
        assertThat(config.getStringList("pekko.cluster.roles")).containsExactly("api", "detection");
        assertThat(config.getStringList("pekko.cluster.seed-nodes"))
                .containsExactly("pekko://outrider@127.0.0.1:7000", "pekko://outrider@10.0.0.2:7000");
        assertThat(settings("outrider.node.lake-folder = \"/lake\"").lakeFolder())
                .contains(Path.of("/lake"));
    }

    @Test
    void whatCannotBeMeantIsRefusedByItsKey() {
        assertThatThrownBy(() -> settings("outrider.node.roles = \"detection,cook\""))
                .hasMessage("outrider.node.roles: 'cook' is no role; roles are detection, api, batch");
        assertThatThrownBy(() -> settings("outrider.node.port = 70000"))
                .hasMessage("outrider.node.port: must be 0 to 65535: 70000");
        assertThatThrownBy(() -> settings("outrider.node.seed-nodes = \"somewhere\""))
                .hasMessageContaining("outrider.node.seed-nodes")
                .hasMessageContaining("somewhere");
    }

    @Test
    void listeningBeyondLoopbackNeedsTls() {
        assertThatThrownBy(() -> settings("outrider.node.host = \"10.0.0.1\""))
                .hasMessageContaining("outrider.node.host")
                .hasMessageContaining("outrider.node.tls-folder");
        assertThatThrownBy(() -> settings("outrider.node.tls-folder = \"nowhere\""))
                .hasMessageContaining("outrider.node.tls-folder: has no readable tls.key");
    }

    private static NodeSettings settings(String text) {
        return NodeSettings.from(ConfigFactory.parseString(text).withFallback(ConfigFactory.load()));
    }
}
