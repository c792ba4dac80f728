package io.outrider.app.bench.latency;

import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench etl-latency}. */
@Command(
        name = "etl-latency",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the time from an event's sending to its alert, read back from the broker, at a steady rate in an",
            "`outrider local` of its own: by turns without batch runs, and while they, asked for by POST, are at work: ETL",
            "over the whole log, or training."
        })
public final class EtlLatencyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--kind", defaultValue = "etl", description = "etl or training. Default: ${DEFAULT-VALUE}.")
    private String kind;

    @Option(names = "--rate", defaultValue = "1000", description = "Events a second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--warm-up", defaultValue = "90", description = "Seconds to warm up. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--seconds", defaultValue = "20", description = "Of each stretch. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "4", description = "Stretches of each kind. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--anomalous",
            defaultValue = "0.05",
            description = "Share of the events that are anomalies. Default: ${DEFAULT-VALUE}.")
    private double anomalous;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same events. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        require(kind.matches("etl|training"), "--kind must be etl or training: " + kind);
        require(rate >= 1 && rate <= 1_000_000, "--rate must be 1 to 1000000: " + rate);
        require(warmUp >= 2, "--warm-up must be at least 2: " + warmUp);
        require(seconds >= 1, "--seconds must be at least 1: " + seconds);
        require(rounds >= 1, "--rounds must be at least 1: " + rounds);
        require(anomalous > 0 && anomalous <= 1, "--anomalous must be above 0 and at most 1: " + anomalous);
        EtlLatencyBench.Result result = new EtlLatencyBench(
                        new EtlLatencyBench.Request(kind, rate, warmUp, seconds, rounds, anomalous, seed),
                        line -> spec.commandLine().getErr().println(line))
                .run();
        PrintWriter out = spec.commandLine().getOut();
        out.println(text("without " + kind, result.without()));
        out.println(text("while " + kind + " runs", result.with()));
        out.printf(
                Locale.ROOT,
                "%d runs of %s, %,d rows in %.1f s%n",
                result.runs(),
                kind,
                result.rows(),
                result.runSeconds());
        return 0;
    }

    private String text(String when, Histogram micros) {
        return String.format(
                Locale.ROOT,
                "%,d events/s, %s: %,d alerts, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, longest %.1f ms",
                rate,
                when,
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(90) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CommandException(otherwise);
        }
    }
}
