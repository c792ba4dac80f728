package io.outrider.app.bench;

import io.outrider.app.bench.chaos.ChaosCommand;
import io.outrider.app.bench.chaos.RollingCommand;
import io.outrider.app.bench.latency.EtlLatencyCommand;
import io.outrider.app.bench.latency.LatencyCommand;
import io.outrider.app.bench.latency.SubscribersCommand;
import io.outrider.app.bench.recovery.RecoveryCommand;
import io.outrider.app.bench.throughput.SendCommand;
import io.outrider.app.bench.throughput.ThroughputCommand;
import io.outrider.app.bench.training.EtlBenchCommand;
import io.outrider.app.bench.training.ForestCommand;
import io.outrider.app.bench.training.TrainingCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outrider bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this build on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ThroughputCommand.class,
            LatencyCommand.class,
            RecoveryCommand.class,
            EtlBenchCommand.class,
            ForestCommand.class,
            TrainingCommand.class,
            EtlLatencyCommand.class,
            SubscribersCommand.class,
            ChaosCommand.class,
            RollingCommand.class,
            SendCommand.class
        })
public final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to measure.");
    }
}
