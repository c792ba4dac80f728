package io.outrider.app.train;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.PlanChoice;
import io.outrider.app.command.Progress;
import io.outrider.app.etl.DatasetChoice;
import io.outrider.app.etl.LakeChoice;
import io.outrider.core.pace.Pace;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.lake.model.ModelFiles;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.Datasets;
import io.outrider.training.etl.EtlSettings;
import io.outrider.training.run.Reproduction;
import io.outrider.training.run.TrainedModel;
import io.outrider.training.run.Trainer;
import io.outrider.training.run.TrainingRefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a model on a version of a dataset and registers it in the lake.",
            "Fits and calibrates on older rows, tests on newer ones, compares with baselines and the champion. With --reproduce, trains a registered model again",
            "and compares the files byte for byte.",
            "Exit codes: 0 registered (or reproduced), 1 failed, 3 refused (or not the same); the reason is told."
        })
public final class TrainCommand implements Callable<Integer> {

    private static final int REFUSED = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeChoice lake;

    @Option(
            names = "--dataset",
            defaultValue = "transactions",
            paramLabel = "NAME[:N]",
            description = "Dataset, and which version of it (default: ${DEFAULT-VALUE}, the newest).")
    private String dataset = "transactions";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "forest, supervised or by-labels (default: outrider.training.run.kind).")
    private @Nullable String kind;

    @Option(
            names = "--label-delay",
            paramLabel = "DURATION",
            description = "How long after its event a label is known, ISO-8601 (default: the setting's).")
    private @Nullable Duration labelDelay;

    @Option(names = "--seed", description = "Seed of all chance (default: outrider.training.run.seed).")
    private @Nullable Long seed;

    @Option(
            names = "--against",
            paramLabel = "VERSION",
            description = "Model that it must not be worse than, or none (default: the champion).")
    private @Nullable String against;

    @Option(names = "--reproduce", paramLabel = "VERSION", description = "Train this model again, and compare.")
    private @Nullable String reproduce;

    @Option(names = "--plan", defaultValue = "transactions", description = "With --reproduce: the model's plan.")
    private String plan = "transactions";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Config config = overrides().withFallback(ConfigFactory.load());
        BlobStore store = lake.open(config);
        Datasets datasets = new Datasets(store, EtlSettings.from(config).container());
        try (Progress bar = Progress.bar("train")) {
            return reproduce == null
                    ? train(store, datasets, config, bar)
                    : reproduce(store, datasets, config, bar, reproduce);
        } catch (TrainingRefusedException e) {
            PrintWriter err = spec.commandLine().getErr();
            if (json) {
                spec.commandLine().getOut().println(TrainText.refusal(e.reasons()));
            }
            e.reasons().forEach(reason -> err.println("refused: " + reason));
            return REFUSED;
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private int train(BlobStore store, Datasets datasets, Config config, Progress bar)
            throws IOException, TrainingRefusedException {
        DatasetManifest version = DatasetChoice.versionOrNewest(datasets, dataset);
        if (!Trainer.NONE.equals(against)) {
            ModelChoice.require(store, version.origin().plan(), "--against", against);
        }
        TrainedModel trained = new Trainer(store, config, new LiveMetrics(), Tracing.OFF, Clock.systemUTC())
                .train(
                        version,
                        against == null ? "" : against,
                        disk(),
                        Pace.FULL,
                        (step, done) -> bar.at(done, () -> step));
        spec.commandLine().getOut().println(json ? TrainText.json(trained) : TrainText.report(trained));
        return 0;
    }

    private int reproduce(BlobStore store, Datasets datasets, Config config, Progress bar, String version)
            throws IOException, TrainingRefusedException {
        String named = PlanChoice.named(plan).name();
        ModelChoice.require(store, named, "--reproduce", version);
        Reproduction.Outcome outcome = new Reproduction(store, datasets, new ModelFiles(store, named), config)
                .of(version, disk(), (step, done) -> bar.at(done, () -> step));
        String said = outcome.same()
                ? "reproduced " + version + ": model.onnx and manifest.json are the same, byte for byte"
                : "not the same: trained again, " + version + " is " + outcome.version();
        spec.commandLine().getOut().println(json ? TrainText.json(outcome) : said);
        return outcome.same() ? 0 : REFUSED;
    }

    private Config overrides() {
        List<String> lines = new ArrayList<>();
        if (kind != null) {
            lines.add("kind = \"" + kind + "\"");
        }
        if (labelDelay != null) {
            lines.add("label-delay = " + labelDelay.toMillis() + " ms");
        }
        if (seed != null) {
            lines.add("seed = " + seed);
        }
        return ConfigFactory.parseString(String.join("\n", lines)).atPath("outrider.training.run");
    }

    private static Path disk() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}
