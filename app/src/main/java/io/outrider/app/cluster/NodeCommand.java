package io.outrider.app.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.outrider.app.command.CommandException;
import io.outrider.app.node.NodeParts;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.http.HttpSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.lake.pseudonym.PseudonymSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outrider node}. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one node of a cluster, until it is asked to stop (SIGTERM): then it finishes what it has taken,"
                    + " hands its partitions over and leaves.",
            "What it needs and does not find (broker, lake, model, other nodes) it waits for; /health/ready says for what.",
            "Every option is a setting, too: option before --config before environment before default."
        })
public final class NodeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, HOCON.")
    private @Nullable Path file;

    @Option(names = "--host", description = "Address for the other nodes (default: 127.0.0.1).")
    private @Nullable String host;

    @Option(names = "--port", description = "Port for the other nodes (default: 17355; 0: any).")
    private @Nullable Integer port;

    @Option(
            names = "--seed-nodes",
            paramLabel = "HOST:PORT,…",
            description =
                    "Nodes to join by, the same list for all; the first one begins (default: none, a cluster of one).")
    private @Nullable String seedNodes;

    @Option(
            names = "--roles",
            paramLabel = "ROLE,…",
            description = "What it does: detection, api, batch (default: all).")
    private @Nullable String roles;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT,…",
            description = "The brokers (default: outrider.kafka.bootstrap-servers, 127.0.0.1:9092).")
    private @Nullable String bootstrap;

    @Option(
            names = "--lake",
            paramLabel = "FOLDER",
            description = "The lake, shared by all nodes (default: Azure, by AZURE_STORAGE_ACCOUNT_URL or"
                    + " AZURE_STORAGE_CONNECTION_STRING).")
    private @Nullable Path lake;

    @Option(
            names = "--http-port",
            description = "Port of health and metrics and, with role api, of API and console (default: 8080; 0: any).")
    private @Nullable Integer httpPort;

    @Option(names = "--plan", description = "Feature plan (default: transactions).")
    private @Nullable String plan;

    @Option(
            names = "--train-first",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Where the lake has no model, fit the first one on these histories (CSV or NDJSON).")
    private List<Path> trainFirst = List.of();

    @Override
    public Integer call() throws Exception {
        Config given = config();
        NodeSettings settings = NodeSettings.from(given.resolve());
        Config config = DiscoverySettings.from(given.resolve())
                .over(settings, settings.over(given))
                .resolve();
        var unused = PseudonymSettings.key(config); // a bad one ends it here
        FeaturePlan features =
                named(() -> FeaturePlan.named(settings.plan()), plan == null ? "outrider.node.plan" : "--plan");
        LakeStorage storage = LakeStorage.of(config, settings.lakeFolder(), features, trainFirst);
        NodeParts parts = new NodeParts(
                config,
                settings.roles(),
                KafkaSettings.from(config),
                HttpSettings.of(config),
                storage,
                features,
                named(() -> AccountPartitioner.named(settings.partitioner()), "outrider.node.partitioner"),
                settings.startRetry(),
                settings.stopLimit(),
                Clock.systemUTC());
        return new NodeProcess(parts, spec.commandLine().getOut()).run();
    }

    private Config config() {
        Map<String, Object> options = new LinkedHashMap<>();
        put(options, "outrider.node.host", host);
        put(options, "outrider.node.port", port);
        put(options, "outrider.node.seed-nodes", seedNodes);
        put(options, "outrider.node.roles", roles);
        put(options, "outrider.node.plan", plan);
        put(options, "outrider.node.lake-folder", lake == null ? null : lake.toString());
        if (bootstrap != null) {
            options.putAll(KafkaSettings.NO_EVENT_HUBS);
            options.put("outrider.kafka.bootstrap-servers", bootstrap);
        }
        put(options, "outrider.http.port", httpPort);
        return ConfigFactory.parseMap(options, "the command line")
                .withFallback(settingsFile())
                .withFallback(ConfigFactory.load());
    }

    private Config settingsFile() {
        if (file == null) {
            return ConfigFactory.empty();
        }
        if (!Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), "--config: " + file + " cannot be read");
        }
        return ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private static void put(Map<String, Object> options, String key, @Nullable Object value) {
        if (value != null) {
            options.put(key, value);
        }
    }

    private static <T> T named(Callable<T> read, String key) throws Exception {
        try {
            return read.call();
        } catch (IllegalArgumentException e) {
            throw new CommandException(key + ": " + e.getMessage(), e);
        }
    }
}
