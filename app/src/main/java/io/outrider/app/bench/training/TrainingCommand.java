package io.outrider.app.bench.training;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.Progress;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.run.TrainedModel;
import io.outrider.training.run.Trainer;
import io.outrider.training.run.TrainingRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench training}. */
@Command(
        name = "training",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how long ./outrider train takes on a dataset of so many made-up rows, and in how much memory: give a small",
            "heap (OUTRIDER_JAVA_OPTS=-Xmx512m). What it makes stays in the folder."
        })
public final class TrainingCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--rows", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
    private long rows;

    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "Where to work: an empty folder, or one with such a dataset, which is then taken as it is.")
    private Path dataDir;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /** What was measured. */
    record Result(
            long rows,
            long datasetBytes,
            String kind,
            double seconds,
            double rowsPerSecond,
            long peakHeapBytes,
            long maxHeapBytes) {}

    @Override
    public Integer call() throws IOException {
        if (rows < 10_000) {
            throw new CommandException("--rows must be at least 10000: " + rows);
        }
        Config config = ConfigFactory.load();
        BlobStore lake = new FolderBlobStore(Files.createDirectories(dataDir).resolve("lake"));
        DatasetManifest dataset = dataset(lake, EtlSettings.from(config).container());
        HeapPeak.reset();
        long start = System.nanoTime();
        try (Progress bar = Progress.bar("train")) {
            TrainedModel trained = new Trainer(lake, config, new LiveMetrics(), Tracing.OFF, Clock.systemUTC())
                    .train(dataset, Trainer.NONE, dataDir, Pace.FULL, (step, done) -> bar.at(done, () -> step));
            double seconds = (System.nanoTime() - start) / 1e9;
            Result result = new Result(
                    rows,
                    dataset.files().stream().mapToLong(DataFile::sizeBytes).sum(),
                    trained.kind().name(),
                    seconds,
                    rows / seconds,
                    HeapPeak.bytes(),
                    Runtime.getRuntime().maxMemory());
            spec.commandLine()
                    .getOut()
                    .println(json ? new String(DatasetJson.write(result), StandardCharsets.UTF_8) : text(result));
            return 0;
        } catch (TrainingRefusedException e) {
            throw new CommandException("refused: " + e.getMessage(), e);
        }
    }

    private DatasetManifest dataset(BlobStore lake, String container) throws IOException {
        Optional<DatasetManifest> there = new Datasets(lake, container).newest("transactions");
        if (there.isPresent()) {
            long found = there.get().files().stream().mapToLong(DataFile::rows).sum();
            if (found != rows) {
                throw new CommandException(
                        dataDir + " has a dataset of " + found + " rows: give --rows " + found + " or an empty folder");
            }
            return there.get();
        }
        try (Progress bar = Progress.bar("make")) {
            return new BenchDataset(lake, container, dataDir).publish(rows, done -> bar.at(done, () -> "rows"));
        }
    }

    private static String text(Result result) {
        return String.format(
                Locale.ROOT,
                "%,d rows (%,d MiB of Parquet) trained on in %.1f s: %,.0f rows/s, %s%n"
                        + "peak heap %,d MiB (garbage included) of %,d MiB",
                result.rows(),
                result.datasetBytes() >> 20,
                result.seconds(),
                result.rowsPerSecond(),
                result.kind().toLowerCase(Locale.ROOT),
                result.peakHeapBytes() >> 20,
                result.maxHeapBytes() >> 20);
    }
}
