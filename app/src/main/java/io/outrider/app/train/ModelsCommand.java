package io.outrider.app.train;

import io.outrider.app.rollout.RolloutCommands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outrider models}. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "Shows what models the lake has, and puts them in force.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RolloutCommands.Stages.class,
            RolloutCommands.Promote.class,
            RolloutCommands.Rollback.class,
            RolloutCommands.Shadow.class,
            RolloutCommands.Canary.class
        })
public final class ModelsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say stages, promote, rollback, shadow or canary.");
    }
}
