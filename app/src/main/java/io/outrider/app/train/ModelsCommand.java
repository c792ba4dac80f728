package io.outrider.app.train;

import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.PlanChoice;
import io.outrider.app.etl.LakeChoice;
import io.outrider.app.rollout.RolloutCommands;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.ModelStages;
import io.outrider.lake.model.DamagedModelException;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider models}. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "Shows what models the lake has, and puts them in force. A version never changes.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RolloutCommands.Stages.class,
            RolloutCommands.Promote.class,
            RolloutCommands.Rollback.class,
            RolloutCommands.Shadow.class,
            RolloutCommands.Canary.class
        })
public final class ModelsCommand implements Runnable {

    private static final String PLAN = "Feature plan (default: $" + "{DEFAULT-VALUE}).";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say list, show, stages, promote, rollback, shadow or canary.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description =
                    "Every model of a plan, oldest data first. Where one is damaged, it says so and exits with 1.")
    int list(
            @Mixin LakeChoice lake,
            @Option(names = "--plan", defaultValue = "transactions", description = PLAN) String plan,
            @Option(names = "--json", description = "One manifest a line.") boolean json)
            throws IOException {
        BlobStore store = lake.open(ConfigFactory.load());
        ModelFiles models = new ModelFiles(store, PlanChoice.named(plan).name());
        Optional<ModelStages> stages =
                new StageFile(store, PlanChoice.named(plan).name()).read();
        PrintWriter out = spec.commandLine().getOut();
        int status = 0;
        for (ModelFiles.Registration one : models.registrations()) {
            try {
                ModelManifest manifest = models.manifest(one.version());
                out.println(
                        json
                                ? text(models.content(one.version())).replace("\n", "")
                                : TrainText.line(manifest, stage(stages, one.version()), one.at()));
            } catch (DamagedModelException e) {
                spec.commandLine().getErr().println("outrider: " + e.getMessage());
                status = 1;
            }
        }
        return status;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "One model: stage, data, metrics, lineage.")
    int show(
            @Mixin LakeChoice lake,
            @Parameters(paramLabel = "VERSION", description = "The model's version.") String version,
            @Option(names = "--plan", defaultValue = "transactions", description = PLAN) String plan,
            @Option(names = "--json", description = "The manifest.") boolean json)
            throws IOException {
        BlobStore store = lake.open(ConfigFactory.load());
        String named = PlanChoice.named(plan).name();
        ModelChoice.require(store, named, "VERSION", version);
        ModelFiles models = new ModelFiles(store, named);
        ModelManifest manifest = models.manifest(version);
        if (json) {
            spec.commandLine().getOut().println(text(models.content(version)));
            return 0;
        }
        Optional<ModelStages> stages = new StageFile(store, named).read();
        for (ModelFiles.Registration one : models.registrations()) {
            if (one.version().equals(version)) {
                spec.commandLine().getOut().println(TrainText.report(manifest, stage(stages, version), one.at()));
            }
        }
        return 0;
    }

    private static String stage(Optional<ModelStages> stages, String version) {
        return stages.map(at -> at.stageOf(version)).orElse(ModelStages.REGISTERED);
    }

    private static String text(ModelFiles.Content content) {
        return new String(content.manifest(), StandardCharsets.UTF_8);
    }
}
