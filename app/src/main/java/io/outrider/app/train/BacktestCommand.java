package io.outrider.app.train;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.Progress;
import io.outrider.app.etl.DatasetChoice;
import io.outrider.app.etl.LakeChoice;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.model.Model;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.rollout.BacktestFiles;
import io.outrider.training.backtest.Backtest;
import io.outrider.training.backtest.BacktestReport;
import io.outrider.training.backtest.BacktestRequest;
import io.outrider.training.dataset.DatasetJson;
import io.outrider.training.dataset.DatasetLease;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.etl.EtlSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider backtest}. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = {
            "Scores a stretch of a dataset with a registered model, as live detection would have.",
            "Tells alerts a day with a predicted interval, metrics where truth is known, and with --against the alerts that appear and vanish."
        })
public final class BacktestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeChoice lake;

    @Option(names = "--model", required = true, paramLabel = "VERSION", description = "The model.")
    private String model;

    @Option(names = "--against", paramLabel = "VERSION", description = "Another one to compare it with.")
    private @Nullable String against;

    @Option(
            names = "--dataset",
            defaultValue = "transactions",
            paramLabel = "NAME[:N]",
            description = "Dataset, and which version of it (default: ${DEFAULT-VALUE}, the newest).")
    private String dataset = "transactions";

    @Option(names = "--from", paramLabel = "DATE", description = "First event date, UTC (default: the dataset's).")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DATE", description = "Last event date, UTC (default: the dataset's).")
    private @Nullable LocalDate to;

    @Option(names = "--report", paramLabel = "FILE", description = "Write an HTML page that stands alone.")
    private @Nullable Path report;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ReportFile.requireWritable(report);
        Config config = ConfigFactory.load();
        BlobStore store = lake.open(config);
        try (DatasetLease lease = DatasetChoice.reading(store, config, "backtest by command line");
                Progress bar = Progress.bar("backtest")) {
            DatasetManifest version = DatasetChoice.versionOrNewest(
                    new Datasets(store, EtlSettings.from(config).container()), dataset);
            String plan = version.origin().plan();
            ModelChoice.require(store, plan, "--model", model);
            ModelChoice.require(store, plan, "--against", against);
            ModelFiles models = new ModelFiles(store, plan);
            Model tested = models.load(model);
            BacktestRequest request = new BacktestRequest(
                    version,
                    config,
                    tested,
                    against == null ? null : models.load(against),
                    from,
                    to,
                    Path.of(System.getProperty("java.io.tmpdir")));
            BacktestResult result =
                    new Backtest(store, request, Pace.FULL).run((step, done) -> bar.at(done, () -> step));
            lease.requireHeld();
            if (report != null) {
                Files.writeString(report, BacktestReport.html(request, result));
            }
            spec.commandLine()
                    .getOut()
                    .println(
                            json
                                    ? new String(DatasetJson.write(result), StandardCharsets.UTF_8)
                                    : BacktestReport.text(result));
            new BacktestFiles(store, plan)
                    .keep(result, tested.manifest().origin().dataTo());
            return 0;
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
