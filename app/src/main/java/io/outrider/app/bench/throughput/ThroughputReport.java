package io.outrider.app.bench.throughput;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What a throughput benchmark found: medians over the passes, and ratios of medians.
 *
 * @param alerts how many alerts the events raise; every pass published the same
 */
record ThroughputReport(ThroughputBench.Request request, long alerts, Map<String, List<Meter.Measurement>> measured) {

    static final String LIMIT = "limit";
    static final String OUTRIDER = "outrider";
    static final String WITHOUT_CHECKPOINTS = "withoutCheckpoints";

    static final String WITH_TRACING = "withTracing";

    private static final ObjectMapper JSON = new ObjectMapper();

    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("accounts", request.accounts());
        root.put("events", request.events());
        if (request.isSteady()) {
            root.put("rate", request.rate());
        }
        root.put("known", request.before() > 0);
        root.put("distribution", request.distribution());
        root.put("alerts", alerts);
        root.put("java", Runtime.version().toString());
        root.put("cores", Runtime.getRuntime().availableProcessors());
        measured.forEach((name, passes) -> {
            ObjectNode contender = root.putObject(name);
            contender.put("eventsPerSecond", eventsPerSecond(name));
            contender.put("cpuSecondsPerMillion", cpu(name));
            ArrayNode each = contender.putArray("passes");
            passes.forEach(pass -> each.add(Math.round(pass.eventsPerSecond())));
        });
        if (!request.isSteady()) {
            root.put("ratio", ratio());
        }
        root.put("cpuRatio", cpu(LIMIT) / cpu(OUTRIDER));
        if (measured.containsKey(WITHOUT_CHECKPOINTS)) {
            root.put("checkpointRatio", checkpointRatio());
        }
        if (measured.containsKey(WITH_TRACING)) {
            root.put("tracingRatio", tracingRatio());
            root.put("tracingCpuRatio", cpu(OUTRIDER) / cpu(WITH_TRACING));
        }
        return root.toPrettyString();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        measured.keySet()
                .forEach(name -> text.append(String.format(
                        Locale.ROOT,
                        "%-20s %,10.0f events/s %8.1f CPU seconds per million events%n",
                        name,
                        eventsPerSecond(name),
                        cpu(name))));
        String byCpu = String.format(Locale.ROOT, "by CPU %.2f", cpu(LIMIT) / cpu(OUTRIDER));
        text.append(
                request.isSteady()
                        ? "at a steady rate the ratio is " + byCpu
                        : String.format(Locale.ROOT, "ratio %.2f, %s", ratio(), byCpu));
        text.append(String.format(Locale.ROOT, "; %,d alerts, the same in every pass", alerts));
        if (measured.containsKey(WITHOUT_CHECKPOINTS)) {
            text.append(String.format(Locale.ROOT, "; with checkpoints against without %.2f", checkpointRatio()));
        }
        if (measured.containsKey(WITH_TRACING)) {
            text.append(String.format(
                    Locale.ROOT,
                    "; with tracing against without %.2f, by CPU %.2f",
                    tracingRatio(),
                    cpu(OUTRIDER) / cpu(WITH_TRACING)));
        }
        return text.toString();
    }

    private double ratio() {
        return eventsPerSecond(OUTRIDER) / eventsPerSecond(LIMIT);
    }

    private double checkpointRatio() {
        return eventsPerSecond(OUTRIDER) / eventsPerSecond(WITHOUT_CHECKPOINTS);
    }

    private double tracingRatio() {
        return eventsPerSecond(WITH_TRACING) / eventsPerSecond(OUTRIDER);
    }

    private double eventsPerSecond(String contender) {
        return median(contender, Meter.Measurement::eventsPerSecond);
    }

    private double cpu(String contender) {
        return median(contender, Meter.Measurement::cpuSecondsPerMillion);
    }

    private double median(String contender, ToDoubleFunction<Meter.Measurement> of) {
        double[] sorted = Objects.requireNonNull(measured.get(contender)).stream()
                .mapToDouble(of)
                .sorted()
                .toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
