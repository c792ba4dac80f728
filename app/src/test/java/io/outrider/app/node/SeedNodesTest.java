package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedNodesTest {

    private static final String FIRST = "pekko://outrider@10.0.0.1:7000";
    private static final String SECOND = "pekko://outrider@10.0.0.2:7000";

    private static Config first(String... seeds) {
        return ConfigFactory.parseString(
                "pekko.remote.artery.canonical { hostname = 10.0.0.1, port = 7000 }\n" + "pekko.cluster.seed-nodes = "
                        + List.of(seeds).stream().map(seed -> '"' + seed + '"').toList());
    }

    private static List<String> seeds(Config config) {
        return config.getStringList("pekko.cluster.seed-nodes");
    }

    @Test
    void aNodeThatMayNotFormAClusterLooksForTheOthersOnly() {
        assertThat(seeds(SeedNodes.othersOnly(first(FIRST, SECOND)))).containsExactly(SECOND);
        assertThat(seeds(SeedNodes.othersOnly(first(SECOND)))).containsExactly(SECOND);
    }

    @Test
    void aNodeWithoutOthersFormsItsClusterAsBefore() {
        assertThat(seeds(SeedNodes.othersOnly(first(FIRST)))).containsExactly(FIRST);
        assertThat(seeds(SeedNodes.othersOnly(first()))).isEmpty();
    }
}
