package io.outrider.app.bench.throughput;

import io.outrider.app.bench.world.AccountDraw;
import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench throughput}. */
@Command(
        name = "throughput",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how fast this machine catches up with a backlog, or what keeping up with a steady rate costs: the",
            "limit (plain threads and maps, the same decoding, features, model and alerts, nothing durable) against",
            "Outrider, in turns, the broker in a process of its own. All passes must publish the same alerts. Prints",
            "medians and their ratio."
        })
public final class ThroughputCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--accounts", defaultValue = "5000", description = "Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(names = "--events", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
    private long events;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = {
                "Events a second that come while they are done, from a process of its own, once all accounts are known. 0: all",
                "of them are there before. Then the ratio by CPU counts, not that by time. Default: ${DEFAULT-VALUE}."
            })
    private int rate;

    @Option(
            names = "--known",
            description = {
                "Measure once each account has had three events in the mean, so that bringing accounts into memory does not",
                "count."
            })
    private boolean known;

    @Option(
            names = "--distribution",
            defaultValue = "uniform",
            description = "uniform, zipf:S (e.g. zipf:1.1) or hot:H (one account has the share H). Default: uniform.")
    private String distribution = "uniform";

    @Option(names = "--passes", defaultValue = "3", description = "Measured passes of each. Default: ${DEFAULT-VALUE}.")
    private int passes;

    @Option(
            names = "--warm-up",
            defaultValue = "3",
            description = "Turns of each before those, for the compiler. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--checkpoint-cost", description = "Measure Outrider without checkpoints, too.")
    private boolean checkpointCost;

    @Option(
            names = "--tracing-cost",
            description = {
                "Measure Outrider with spans and metrics exported, too, where every record would be traced if the default",
                "bound (outrider.telemetry.max-traced-per-second) did not hold."
            })
    private boolean tracingCost;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same events. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CommandException.require(accounts >= 1, "--accounts must be at least 1: " + accounts);
        CommandException.require(events >= 10_000, "--events must be at least 10000: " + events);
        CommandException.require(rate >= 0 && rate <= 1_000_000, "--rate must be 0 to 1000000: " + rate);
        CommandException.require(
                rate == 0 || !(checkpointCost || tracingCost),
                "--rate goes with neither --checkpoint-cost nor --tracing-cost");
        CommandException.require(passes >= 1, "--passes must be at least 1: " + passes);
        CommandException.require(warmUp >= 0, "--warm-up must not be negative: " + warmUp);
        try {
            AccountDraw.of(distribution, 2);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--distribution: " + e.getMessage(), e);
        }
        ThroughputReport report = new ThroughputBench(
                        new ThroughputBench.Request(
                                accounts,
                                events,
                                rate,
                                known,
                                distribution,
                                warmUp,
                                passes,
                                checkpointCost,
                                tracingCost,
                                seed),
                        line -> spec.commandLine().getErr().println(line))
                .run();
        spec.commandLine().getOut().println(json ? report.json() : report.text());
        return 0;
    }
}
