package io.outrider.app.etl;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.PlanChoice;
import io.outrider.app.command.Progress;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.ingestion.capture.CaptureSettings;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.kafka.TopicSettings;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.pseudonym.PseudonymSettings;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.etl.EtlJob;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider etl}. */
@Command(
        name = "etl",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the next version of a dataset from the raw log's Capture files.",
            "Events, each once, with the features that live detection computes, as Parquet. Reads only what has come since the last version; nothing new, no version.",
            "Exit codes: 0 done, 1 failed, 3 published, but the quality gate says that it must not train."
        })
public final class EtlCommand implements Callable<Integer> {

    private static final int GATE_FAILED = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeChoice lake;

    @Option(names = "--dataset", description = "Its name (default: the plan's).")
    private @Nullable String dataset;

    @Option(
            names = "--plan",
            defaultValue = "transactions",
            paramLabel = "PLAN",
            description = "Feature plan, by name or as a file PLAN.conf (default: ${DEFAULT-VALUE}).")
    private String plan = "transactions";

    @Option(
            names = "--partitioner",
            defaultValue = "murmur2",
            description = "How accounts are placed: murmur2, crc32 or event-hubs (default: ${DEFAULT-VALUE}).")
    private String partitioner = "murmur2";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "How many partitions the topic has (default: as the settings create it).")
    private @Nullable Integer partitions;

    @Option(
            names = "--generation",
            paramLabel = "ID",
            description = "Read this incarnation of the topic only, where it was recreated.")
    private @Nullable String generation;

    @Option(
            names = "--accept-gaps",
            description = "Go on where records are missing from the raw log; features are wrong from there on.")
    private boolean acceptGaps;

    @Option(
            names = "--accept-missing-risk",
            description = {
                "Go on where it is not known, or gone, what was known of merchants when events were decided; their features",
                "are then those of an older table."
            })
    private boolean acceptMissingRisk;

    @Option(
            names = "--label-delay",
            paramLabel = "DURATION",
            description = {
                "A historical import: what was known of merchants follows from the events' own is_fraud, each known so long",
                "after its event (P7D, PT0S), not from what was in force live."
            })
    private @Nullable Duration labelDelay;

    @Option(names = "--json", description = "Print the version's manifest as JSON; {} if there is none.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Config config = ConfigFactory.load();
        BlobStore store = lake.open(config);
        Optional<DatasetManifest> version;
        try (Progress bar = Progress.bar("etl")) {
            version = new EtlJob(store, EtlSettings.from(config), request(config, store), Clock.systemUTC())
                    .run((step, fraction) -> bar.at(fraction, () -> step));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(version.map(DatasetText::json).orElse("{}"));
        } else {
            out.println(version.map(DatasetText::report).orElse("nothing new"));
        }
        return version.filter(made -> !made.gate().passed())
                .map(made -> GATE_FAILED)
                .orElse(0);
    }

    private EtlRequest request(Config config, BlobStore store) throws IOException {
        TopicSettings topics = KafkaSettings.from(config).topics();
        FeaturePlan features = PlanChoice.of(plan);
        if (plan.endsWith(".conf")) {
            PlanFiles.save(store, features); // for whoever trains on the dataset or decides with the model
        }
        return new EtlRequest(
                dataset == null ? features.name().toLowerCase(Locale.ROOT) : dataset,
                CaptureSettings.from(config).files(store, topics.transactions()),
                partitions == null ? topics.partitions() : partitions,
                partitioner,
                features,
                Optional.ofNullable(generation),
                acceptGaps,
                risk(config, store, topics),
                Path.of(System.getProperty("java.io.tmpdir")),
                PseudonymSettings.key(config));
    }

    private EtlRisk risk(Config config, BlobStore store, TopicSettings topics) {
        if (labelDelay == null) {
            CaptureFiles labels = CaptureSettings.from(config).files(store, topics.labels());
            return new EtlRisk.InForce(topics.transactions(), labels, acceptMissingRisk);
        }
        if (acceptMissingRisk) {
            throw new CommandException(
                    "with --label-delay no table is needed that --accept-missing-risk could be about");
        }
        return new EtlRisk.Declared(labelDelay, TrainingSettings.read(config).ledgerEntries());
    }
}
