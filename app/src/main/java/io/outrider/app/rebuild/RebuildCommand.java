package io.outrider.app.rebuild;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.broker.EmbeddedBroker;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.Progress;
import io.outrider.app.local.DataDirectory;
import io.outrider.app.local.LocalPorts;
import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.port.BlobStore;
import io.outrider.core.pseudonym.PseudonymKey;
import io.outrider.core.trace.Tracing;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.Topics;
import io.outrider.lake.azure.AzureBlobSettings;
import io.outrider.lake.azure.AzureBlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.pseudonym.PseudonymSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider rebuild}. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Builds partitions' states from their log and makes them their checkpoints.",
            "Where a checkpoint is damaged or missing, or is of another feature plan or of a topic that was recreated. Publishes nothing.",
            "No node may be running on these partitions.",
            "Without --data-dir: on the stream and the lake of the settings, such as Event Hubs and Azure's, as a node has them."
        })
public final class RebuildCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Option(names = "--data-dir", description = "Data directory of a local Outrider, which must not be running.")
    private @Nullable Path dataDir;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "A running broker (default: the settings' stream).")
    private @Nullable String bootstrap;

    @Option(names = "--lake", paramLabel = "FOLDER", description = "Folder that is the lake (default: Azure's).")
    private @Nullable Path lake;

    @Option(names = "--partition", paramLabel = "N", description = "Only these partitions (default: all).")
    private List<Integer> partitions = List.of();

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description =
                    "Feature plan to build the states of: a name, a file PLAN.conf, or a fingerprint in the lake (default: as the old checkpoint says, or the champion's).")
    private @Nullable String plan;

    @Option(
            names = "--partitioner",
            defaultValue = "murmur2",
            description = "How accounts are placed: murmur2, crc32 or event-hubs (default: ${DEFAULT-VALUE}).")
    private String partitioner = "murmur2";

    @Option(
            names = "--model",
            paramLabel = "VERSION",
            description =
                    "Model for episodes and recent scores (default: as the old checkpoint says, or the champion, a former one or the newest of the plan).")
    private @Nullable String model;

    @Option(
            names = "--until",
            paramLabel = "OFFSET",
            description = "Build up to here (default: as the old checkpoint says, or the consumer group).")
    private @Nullable Long until;

    @Option(
            names = "--accept-loss-before",
            paramLabel = "OFFSET",
            description = "Build from what the log still has, though records below this offset are gone.")
    private @Nullable Long acceptLossBefore;

    @Option(
            names = "--from-capture",
            description =
                    "Take what the topic has no more from the Capture files in the lake (outrider.capture says where).")
    private boolean fromCapture;

    @Option(names = "--accept-new-topic", description = "Begin anew with a topic that was recreated.")
    private boolean acceptNewTopic;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Config config = ConfigFactory.load();
        if (dataDir != null) {
            runLocally(config, dataDir);
        } else {
            BlobStore store = lake == null ? azure(config) : new FolderBlobStore(lake);
            run(config, bootstrap == null ? stream(config) : broker(config, bootstrap), store);
        }
        return 0;
    }

    private static BlobStore azure(Config config) {
        return new AzureBlobStore(AzureBlobSettings.from(config)
                .orElseThrow(
                        () -> new CommandException("say where the lake is: --data-dir DIR, --lake FOLDER, or Azure by"
                                + " AZURE_STORAGE_ACCOUNT_URL or AZURE_STORAGE_CONNECTION_STRING")));
    }

    private static KafkaSettings stream(Config config) {
        try {
            return KafkaSettings.from(config);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private static KafkaSettings broker(Config config, String servers) {
        return KafkaSettings.from(
                        ConfigFactory.parseMap(KafkaSettings.NO_EVENT_HUBS).withFallback(config))
                .withBootstrapServers(servers);
    }

    private void runLocally(Config config, Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new CommandException(root + " is no data directory");
        }
        try (DataDirectory directory = DataDirectory.open(root);
                EmbeddedBroker broker = EmbeddedBroker.start(directory.broker(), LocalPorts.free(0, "a port"))) {
            run(config, broker(config, broker.bootstrapServers()), new FolderBlobStore(directory.lake()));
        }
    }

    private void run(Config config, KafkaSettings kafka, BlobStore store) throws IOException {
        WantedPlan wanted = WantedPlan.of(plan, store);
        EventReading reading = new EventReading(
                wanted.own().schema(), AccountPartitioner.named(partitioner), pseudonyms(config), Tracing.OFF);
        try (Topics topics = new Topics(kafka)) {
            Rebuild rebuild = new Rebuild(
                    kafka,
                    topics,
                    reading,
                    store,
                    wanted,
                    new Rebuild.Choices(
                            model,
                            until,
                            acceptLossBefore,
                            acceptNewTopic,
                            fromCapture ? CaptureSettings.from(config) : null));
            List<Rebuild.Task> tasks = new ArrayList<>();
            for (int partition : chosen(rebuild.partitions())) {
                tasks.add(rebuild.plan(partition)); // all of them before anything is changed
            }
            List<Rebuild.Result> results = new ArrayList<>();
            try (Progress bar = Progress.bar("rebuild")) {
                for (Rebuild.Task task : tasks) {
                    double before = results.size();
                    results.add(rebuild.run(
                            task,
                            share -> bar.at((before + share) / tasks.size(), () -> "partition " + task.partition())));
                }
            }
            print(results);
        }
    }

    private static PseudonymKey pseudonyms(Config config) {
        try {
            return PseudonymSettings.key(config);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<Integer> chosen(int count) {
        for (int partition : partitions) {
            if (partition < 0 || partition >= count) {
                throw new CommandException("there is no partition " + partition + ", only 0 to " + (count - 1));
            }
        }
        return partitions.isEmpty() ? IntStream.range(0, count).boxed().toList() : partitions;
    }

    private void print(List<Rebuild.Result> results) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JSON.writeValueAsString(Map.of("partitions", results)));
            return;
        }
        for (Rebuild.Result result : results) {
            out.printf(
                    Locale.ROOT,
                    "partition %d: %,d accounts from %,d events, offsets %,d to %,d, model %s, epoch %d%n",
                    result.partition(),
                    result.accounts(),
                    result.events(),
                    result.from(),
                    result.to(),
                    result.context().modelVersion(),
                    result.epoch());
        }
    }
}
