package io.outrider.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;

/** The nodes that a node joins its cluster by. */
final class SeedNodes {

    private static final String KEY = "pekko.cluster.seed-nodes";

    private SeedNodes() {}

    /**
     * The configuration of a node that joins others and does not form a cluster, where it knows any others. The first of
     * the seed nodes forms one when no other answers it, so cut off from them and started anew it would have a second one.
     */
    static Config othersOnly(Config given) {
        Config config = Discovery.joiningOnly(given);
        Config self = config.getConfig("pekko.remote.artery.canonical");
        String own = "pekko://outrider@" + self.getString("hostname") + ":" + self.getInt("port");
        List<String> others = config.getStringList(KEY).stream()
                .filter(seed -> !seed.equals(own))
                .toList();
        return others.isEmpty() ? config : config.withValue(KEY, ConfigValueFactory.fromIterable(others));
    }
}
