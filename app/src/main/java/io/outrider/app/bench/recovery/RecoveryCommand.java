package io.outrider.app.bench.recovery;

import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench recovery}. */
@Command(
        name = "recovery",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how long a node needs from its start until it serves the accounts of a checkpoint, how large the",
            "checkpoint is, and what accounts take on the heap, out of memory and in it."
        })
public final class RecoveryCommand implements Callable<Integer> {

    /** What an account in memory is allowed for here, so that those that are touched fit in a part of the heap. */
    private static final long BYTES_PER_ACCOUNT = 8 << 10;

    private static final int MOST_TOUCHED = 100_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--accounts", defaultValue = "100000", description = "Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(
            names = "--touch",
            description = {
                "Accounts that get an event. Default: as many as fit in a quarter of the heap, at most 100,000.",
                "With more than may be in memory it shows what the limit holds."
            })
    private @Nullable Integer touch;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CommandException.require(accounts >= 1_000, "--accounts must be at least 1000: " + accounts);
        long fit = Math.min(MOST_TOUCHED, Runtime.getRuntime().maxMemory() / 4 / BYTES_PER_ACCOUNT);
        int touched = touch == null ? (int) Math.min(accounts, fit) : touch;
        CommandException.require(
                touched >= 1 && touched <= accounts, "--touch must be 1 to the number of accounts: " + touched);
        RecoveryReport report = new RecoveryBench(
                        new RecoveryBench.Request(accounts, touched),
                        line -> spec.commandLine().getErr().println(line))
                .run();
        spec.commandLine().getOut().println(json ? report.json() : report.text());
        return 0;
    }
}
