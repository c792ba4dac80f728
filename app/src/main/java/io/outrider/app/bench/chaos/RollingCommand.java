package io.outrider.app.bench.chaos;

import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench rolling}. */
@Command(
        name = "rolling",
        mixinStandardHelpOptions = true,
        description = {
            "Runs three nodes of another build under load, replaces them one by one by this build's, and back, and compares"
                    + " what comes out as bench chaos does. Each alert must be as one of the two builds raises it,"
                    + " undisturbed, under the same model."
        })
public final class RollingCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ChaosOptions options;

    @Option(names = "--previous", required = true, description = "Checkout of the other build.")
    private Path previous;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isExecutable(previous.resolve("outrider"))) {
            throw new CommandException("--previous: " + previous + " has no launcher");
        }
        Path other = previous.toAbsolutePath();
        ChaosWorld.Request request = options.request();
        say("logs in " + request.folder());
        Comparison.Outcome outcome = options.run(request, other, cluster -> {
            replace(cluster, request.home(), "this build");
            replace(cluster, other, "the other build");
        });
        spec.commandLine().getOut().println(options.print(outcome, request.folder(), root -> {}));
        options.tidy(outcome, request.folder());
        return outcome.differences().isEmpty() ? 0 : 1;
    }

    private void replace(ChaosCluster cluster, Path home, String what) throws IOException, InterruptedException {
        for (ChaosNode node : cluster.nodes()) {
            long start = System.nanoTime();
            node.stop();
            node.start(home);
            node.awaitReady();
            say(String.format(
                    Locale.ROOT, "%s runs %s after %.1f s", node.name(), what, (System.nanoTime() - start) / 1e9));
        }
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}
