package io.outrider.app.bench.training;

import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.training.dataset.DatasetJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider bench etl}. */
@Command(
        name = "etl",
        mixinStandardHelpOptions = true,
        description = {
            "Turns histories into a raw log of Capture files and measures how fast ETL makes a dataset of them, and in how much",
            "memory. What it makes stays in the folder: ./outrider datasets list --data-dir DIR."
        })
public final class EtlBenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Histories (CSV or NDJSON, gzip or not), in any order.")
    private List<Path> files;

    @Option(names = "--data-dir", required = true, paramLabel = "DIR", description = "Where to work: an empty folder.")
    private Path dataDir;

    @Option(names = "--partitions", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
    private int partitions;

    @Option(
            names = "--label-delay",
            paramLabel = "DURATION",
            description = "Features of merchants follow from is_fraud, known so long after each event (default: none).")
    private @Nullable Duration labelDelay;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (partitions < 1) {
            throw new CommandException("--partitions must be at least 1: " + partitions);
        }
        Files.createDirectories(dataDir);
        try (Stream<Path> inside = Files.list(dataDir)) {
            if (inside.findAny().isPresent()) {
                throw new CommandException(dataDir + " is not empty");
            }
        }
        EtlBench.Result result = new EtlBench(dataDir, partitions, ConfigFactory.load(), labelDelay).run(files);
        spec.commandLine()
                .getOut()
                .println(json ? new String(DatasetJson.write(result), StandardCharsets.UTF_8) : text(result));
        return result.secondRunFoundNothing() ? 0 : 1;
    }

    private static String text(EtlBench.Result result) {
        return String.format(
                Locale.ROOT,
                "%,d rows from %,d Capture files in %.1f s: %,.0f rows/s%n"
                        + "peak heap %,d MiB (garbage included)%n"
                        + "%,d Parquet files, %,d MiB, %.0f bytes a row%n"
                        + "a second run found %s",
                result.events(),
                result.captureFiles(),
                result.seconds(),
                result.rowsPerSecond(),
                result.peakHeapBytes() >> 20,
                result.parquetFiles(),
                result.parquetBytes() >> 20,
                result.parquetBytes() / (double) result.events(),
                result.secondRunFoundNothing() ? "nothing new" : "something new: WRONG");
    }
}
