package io.outrider.spark.etl;

import io.outrider.core.feature.FeaturePlan;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The job's arguments, named as those of {@code outrider etl} where they mean the same. An empty value is none. */
@Command(
        name = "spark-etl",
        mixinStandardHelpOptions = true,
        description = "Makes the next version of a dataset from the raw log's Capture files, inside Spark.")
final class JobArguments {

    @Option(
            names = "--lake",
            defaultValue = "",
            paramLabel = "FOLDER",
            description = "Folder that is the lake, the same on all machines (default: Azure's).")
    private String lake = "";

    @Option(names = "--dataset", defaultValue = "", description = "Its name (default: the plan's).")
    private String dataset = "";

    @Option(names = "--plan", defaultValue = "transactions", description = "Feature plan (default: ${DEFAULT-VALUE}).")
    private String plan = "transactions";

    @Option(
            names = "--partitions",
            required = true,
            paramLabel = "N",
            description = "How many partitions the topic has.")
    private int partitions;

    @Option(
            names = "--partitioner",
            defaultValue = "murmur2",
            description = "How accounts are placed: murmur2, crc32 or event-hubs (default: ${DEFAULT-VALUE}).")
    private String partitioner = "murmur2";

    @Option(
            names = "--shares",
            defaultValue = "8",
            paramLabel = "N",
            description = {
                "Into how many shares a partition's accounts are split; a task has the accounts of one in memory",
                "(default: ${DEFAULT-VALUE})."
            })
    private int shares = 8;

    @Option(
            names = "--container",
            defaultValue = "raw-transactions",
            description = "Where Capture files are (default: ${DEFAULT-VALUE}).")
    private String container = "raw-transactions";

    @Option(
            names = "--namespace",
            defaultValue = "outrider",
            description = "First part of their paths: the Event Hubs namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "outrider";

    @Option(
            names = "--topic",
            defaultValue = "transactions",
            description = "The event hub (default: ${DEFAULT-VALUE}).")
    private String topic = "transactions";

    @Option(
            names = "--labels",
            defaultValue = "labels",
            description = "The event hub with the labels (default: ${DEFAULT-VALUE}).")
    private String labels = "labels";

    @Option(
            names = "--generation",
            defaultValue = "",
            paramLabel = "ID",
            description = "Read this incarnation of the topic only, where it was recreated.")
    private String generation = "";

    @Option(names = "--accept-gaps", description = "Go on where records are missing from the raw log.")
    private boolean acceptGaps;

    @Option(
            names = "--accept-missing-risk",
            description = "Go on with an older table where the one that was in force is not known, or gone.")
    private boolean acceptMissingRisk;

    @Option(
            names = "--label-delay",
            defaultValue = "",
            paramLabel = "DURATION",
            description = {
                "A historical import: what was known of merchants follows from the events' own is_fraud, each known so long",
                "after its event (P7D, PT0S). All partitions are then replayed in one order, by the driver alone."
            })
    private String labelDelay = "";

    RemoteLake lake() {
        positive("--partitions", partitions);
        if (acceptMissingRisk && !labelDelay.isBlank()) {
            throw new IllegalArgumentException(
                    "with --label-delay no table is needed that --accept-missing-risk could be about");
        }
        if (!FeaturePlan.BUILT_IN.contains(plan)) {
            throw new IllegalArgumentException(
                    "--plan must be one of " + String.join(", ", FeaturePlan.BUILT_IN) + ": " + plan);
        }
        return new RemoteLake(
                none(lake),
                new RemoteLake.Log(container, namespace, topic, labels, partitions, partitioner),
                dataset.isBlank() ? plan : dataset,
                plan,
                none(generation),
                acceptGaps,
                acceptMissingRisk,
                delay());
    }

    private @Nullable Duration delay() {
        if (labelDelay.isBlank()) {
            return null;
        }
        try {
            return Duration.parse(labelDelay);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--label-delay must be like P7D or PT0S: " + labelDelay, e);
        }
    }

    int shares() {
        return positive("--shares", shares);
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1: " + value);
        }
        return value;
    }

    private static @Nullable String none(String text) {
        return text.isBlank() ? null : text;
    }
}
