package io.outrider.app.bench.latency;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider bench latency}. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the time from an event's sending to its alert on the live feed (acknowledged by the broker and",
            "read back), at a steady rate, the broker in a process of its own. An event's time counts from when it was",
            "due, whether or not the sender was late."
        })
public final class LatencyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--accounts", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(names = "--rate", defaultValue = "1000", description = "Events a second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--seconds", defaultValue = "20", description = "How long to measure. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--anomalous",
            defaultValue = "0.05",
            description = "Share of the events that are anomalies. Default: ${DEFAULT-VALUE}.")
    private double anomalous;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same events. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CommandException.require(accounts >= 1, "--accounts must be at least 1: " + accounts);
        CommandException.require(rate >= 1 && rate <= 1_000_000, "--rate must be 1 to 1000000: " + rate);
        CommandException.require(seconds >= 1, "--seconds must be at least 1: " + seconds);
        CommandException.require(
                anomalous > 0 && anomalous <= 1, "--anomalous must be above 0 and at most 1: " + anomalous);
        Histogram micros = new LatencyBench(
                        new LatencyBench.Request(accounts, rate, seconds, anomalous, seed),
                        line -> spec.commandLine().getErr().println(line))
                .run();
        spec.commandLine().getOut().println(json ? json(micros) : text(micros));
        return 0;
    }

    private String json(Histogram micros) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("accounts", accounts);
        root.put("rate", rate);
        root.put("seconds", seconds);
        root.put("alerts", micros.getTotalCount());
        ObjectNode latency = root.putObject("alertLatencyMs");
        latency.put("p50", ms(micros, 50));
        latency.put("p90", ms(micros, 90));
        latency.put("p99", ms(micros, 99));
        latency.put("max", micros.getMaxValue() / 1e3);
        return root.toPrettyString();
    }

    private String text(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "%,d events/s: %,d alerts, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, longest %.1f ms",
                rate,
                micros.getTotalCount(),
                ms(micros, 50),
                ms(micros, 90),
                ms(micros, 99),
                micros.getMaxValue() / 1e3);
    }

    private static double ms(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }
}
