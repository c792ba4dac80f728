package io.outrider.app;

import com.typesafe.config.ConfigException;
import io.outrider.app.bench.BenchCommand;
import io.outrider.app.cluster.NodeCommand;
import io.outrider.app.command.BrokerCommand;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.EvaluateTableCommand;
import io.outrider.app.command.FoldCommand;
import io.outrider.app.command.RedriveCommand;
import io.outrider.app.command.RekeyCommand;
import io.outrider.app.command.ReplayCommand;
import io.outrider.app.command.ScoreCommand;
import io.outrider.app.command.SimulateCommand;
import io.outrider.app.command.TopicsCommand;
import io.outrider.app.etl.DatasetsCommand;
import io.outrider.app.etl.EtlCommand;
import io.outrider.app.local.LocalCommand;
import io.outrider.app.rebuild.RebuildCommand;
import io.outrider.app.retention.RetentionCommand;
import io.outrider.app.runs.AttemptCommand;
import io.outrider.app.runs.RunsCommand;
import io.outrider.app.train.BacktestCommand;
import io.outrider.app.train.EvaluateCommand;
import io.outrider.app.train.ModelsCommand;
import io.outrider.app.train.TrainCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code outrider} command. */
@Command(
        name = "outrider",
        description = "Real-time anomaly detection on event streams.",
        mixinStandardHelpOptions = true,
        version = "outrider 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            LocalCommand.class,
            NodeCommand.class,
            BrokerCommand.class,
            SimulateCommand.class,
            ReplayCommand.class,
            RekeyCommand.class,
            RedriveCommand.class,
            FoldCommand.class,
            RebuildCommand.class,
            EtlCommand.class,
            DatasetsCommand.class,
            RetentionCommand.class,
            RunsCommand.class,
            TrainCommand.class,
            ModelsCommand.class,
            BacktestCommand.class,
            EvaluateCommand.class,
            EvaluateTableCommand.class,
            ScoreCommand.class,
            TopicsCommand.class,
            BenchCommand.class,
            AttemptCommand.class
        })
public final class Outrider implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which command to run.");
    }

    /** Runs one command and exits with its code: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return TimeOptions.registeredWith(new CommandLine(new Outrider()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Outrider::failed);
    }

    /** What a person can mend gets one line; a bug is left to picocli, with its trace. */
    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        String message = message(e);
        if (message == null) {
            throw e;
        }
        command.getErr().println("outrider: " + message);
        return 1;
    }

    private static @Nullable String message(Exception e) {
        if (e instanceof UncheckedIOException wrapped && wrapped.getCause() != null) {
            return message(wrapped.getCause());
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file";
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        return e instanceof CommandException
                        || e instanceof IOException
                        || e instanceof ConfigException
                        || isOfSetting(e)
                ? String.valueOf(e.getMessage())
                : null;
    }

    /** Settings refuse a value by their key. */
    private static boolean isOfSetting(Exception e) {
        return e instanceof IllegalArgumentException
                && String.valueOf(e.getMessage()).startsWith("outrider.");
    }
}
