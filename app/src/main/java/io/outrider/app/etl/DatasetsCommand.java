package io.outrider.app.etl;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.training.dataset.DatasetDiff;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.etl.EtlSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider datasets}. */
@Command(
        name = "datasets",
        mixinStandardHelpOptions = true,
        description = "Shows what datasets the lake has.",
        synopsisSubcommandLabel = "COMMAND")
public final class DatasetsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say list or diff.");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Every version of every dataset.")
    int list(@Mixin LakeChoice lake, @Option(names = "--json", description = "One manifest a line.") boolean json)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Datasets datasets = datasets(lake);
        for (String name : datasets.names()) {
            for (int version : datasets.versions(name)) {
                DatasetManifest manifest = datasets.get(name, version);
                out.println(json ? DatasetText.json(manifest).replace("\n", "") : DatasetText.line(manifest));
            }
        }
        return 0;
    }

    @Command(name = "diff", mixinStandardHelpOptions = true, description = "How version B differs from A.")
    int diff(
            @Mixin LakeChoice lake,
            @Parameters(paramLabel = "A", description = "A version: NAME:NUMBER.") String from,
            @Parameters(paramLabel = "B", description = "Another.") String to,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        Datasets datasets = datasets(lake);
        DatasetDiff diff =
                DatasetDiff.between(DatasetChoice.version(datasets, from), DatasetChoice.version(datasets, to));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new String(DatasetJson.write(diff), StandardCharsets.UTF_8));
            return 0;
        }
        out.printf(Locale.ROOT, "rows    %+,d%n", diff.rows());
        out.printf(Locale.ROOT, "records %+,d%n", diff.records());
        out.printf("plan    %s%n", diff.samePlan() ? "the same" : "another: features mean other things");
        diff.removed().forEach(file -> out.printf(Locale.ROOT, "- %s  %,d rows%n", file.name(), file.rows()));
        diff.added().forEach(file -> out.printf(Locale.ROOT, "+ %s  %,d rows%n", file.name(), file.rows()));
        return 0;
    }

    private static Datasets datasets(LakeChoice lake) throws IOException {
        Config config = ConfigFactory.load();
        return new Datasets(lake.open(config), EtlSettings.from(config).container());
    }
}
