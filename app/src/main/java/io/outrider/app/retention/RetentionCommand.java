package io.outrider.app.retention;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.etl.LakeChoice;
import io.outrider.app.node.BatchJobs;
import io.outrider.core.port.BlobStore;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.retention.Expired;
import io.outrider.training.retention.HeldBack;
import io.outrider.training.retention.Retention;
import io.outrider.training.retention.RetentionSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider retention}. */
@Command(
        name = "retention",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what a run of kind retention would delete from the lake now (outrider.retention), in its order.",
            "Deletes nothing: that is done by './outrider runs start retention', or on schedule."
        })
public final class RetentionCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeChoice lake = new LakeChoice();

    @Option(names = "--json", description = "One file a line.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Config config = ConfigFactory.load();
        RetentionSettings settings = settings(config);
        BlobStore store = lake.open(config);
        Retention.Places places =
                BatchJobs.places(config, store, KafkaSettings.from(config).topics());
        Retention retention = new Retention(store, settings, places, Clock.systemUTC());
        List<Expired> expired = retention.expired();
        PrintWriter out = spec.commandLine().getOut();
        for (DatasetManifest version : json ? List.<DatasetManifest>of() : retention.tooLong()) {
            out.printf(
                    Locale.ROOT,
                    "%s:%d would have no event date before %s%n",
                    version.dataset(),
                    version.version() + 1,
                    retention.oldestDate());
        }
        for (Expired one : expired) {
            out.println(
                    json
                            ? JSON.writeValueAsString(one)
                            : String.format(Locale.ROOT, "%-11s %,14d  %s", one.what(), one.sizeBytes(), one.name()));
        }
        if (!json) {
            retention.heldBack().forEach(held -> out.println(text(held)));
            long bytes = expired.stream().mapToLong(Expired::sizeBytes).sum();
            out.println(
                    settings.keepsAll()
                            ? "everything is kept for ever (outrider.retention)"
                            : String.format(Locale.ROOT, "%,d files, %,d bytes", expired.size(), bytes));
        }
        return 0;
    }

    private static String text(HeldBack held) {
        return String.format(
                Locale.ROOT,
                "%s: %,d old files, %,d bytes, stay until %s (outrider.retention.unread)",
                held.log(),
                held.files(),
                held.bytes(),
                held.datasets().isEmpty()
                        ? "a dataset has read them, and there is none"
                        : "they are read by " + String.join(", ", held.datasets()));
    }

    private static RetentionSettings settings(Config config) {
        try {
            return RetentionSettings.from(config);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
