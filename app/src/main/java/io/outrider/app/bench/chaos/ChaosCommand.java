package io.outrider.app.bench.chaos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench chaos}. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Runs three nodes and a broker as processes under load, lets faults befall them, and compares what comes out:"
                    + " every account's state with the fold of the input, alerts with those of an undisturbed node.",
            "Needs a system that has signals and all of 127.0.0.0/8 as loopback: Linux. Ends with 1 if anything differs."
        })
public final class ChaosCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ChaosOptions options;

    @Option(names = "--faults", description = "How many; kinds take turns. Default: one of each kind.")
    private @Nullable Integer faults;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            description = "Draw from these only: ${COMPLETION-CANDIDATES}. Default: all that the lake allows.")
    private List<FaultKind> kinds = List.of();

    @Option(
            names = "--down-at-once",
            defaultValue = "1",
            description = "Nodes that may be down, frozen or cut off at the same time. Default: ${DEFAULT-VALUE}.")
    private int downAtOnce;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<FaultKind> drawn = kinds();
        int number = faults == null ? drawn.size() : faults;
        if (number < 1 || downAtOnce < 1) {
            throw new CommandException("--faults and --down-at-once must be at least 1");
        }
        ChaosWorld.Request request = options.request();
        say("seed " + options.seed() + ", " + number + " faults, logs in " + request.folder());
        List<FaultDriver.Happened> happened = new ArrayList<>();
        Comparison.Outcome outcome = options.run(
                request,
                request.home(),
                cluster -> happened.addAll(new FaultDriver(cluster, downAtOnce, this::say)
                        .run(PlannedFault.plan(options.seed(), number, drawn, ChaosCluster.SIZE))));
        spec.commandLine()
                .getOut()
                .println(options.print(outcome, request.folder(), root -> addFaults(root, happened)));
        options.tidy(outcome, request.folder());
        return outcome.differences().isEmpty() ? 0 : 1;
    }

    private List<FaultKind> kinds() {
        List<FaultKind> possible = Arrays.stream(FaultKind.values())
                .filter(kind -> options.hasBlobServer() || kind.target() != FaultKind.Target.LAKE)
                .toList();
        if (!possible.containsAll(kinds)) {
            throw new CommandException("faults of the lake need --azurite");
        }
        return kinds.isEmpty() ? possible : kinds;
    }

    private static void addFaults(ObjectNode root, List<FaultDriver.Happened> happened) {
        ArrayNode faults = root.putArray("faults");
        for (FaultDriver.Happened one : happened) {
            faults.addObject()
                    .put("kind", one.fault().kind().wireName())
                    .put("target", one.fault().targetName())
                    .put("atSeconds", one.atSeconds())
                    .put("tookSeconds", one.tookSeconds());
        }
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}
