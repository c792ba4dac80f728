package io.outrider.app.bench;

import io.outrider.ingestion.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs the limit and Outrider in turns over the same events, so that what else happens on the machine hits both. The
 * first turns of each only warm the JVM.
 */
final class ThroughputBench {

    /** Barriers so far apart that no checkpoint is written while a pass is measured. */
    private static final Map<String, String> WITHOUT_CHECKPOINTS =
            Map.of("outrider.detection.barrier-interval", "1 hour");

    private final Request request;
    private final Consumer<String> progress;

    /**
     * What to run.
     *
     * @param distribution as {@link AccountDraw#of} takes it
     * @param warmUp turns of each contender before those that are measured
     * @param passes measured turns of each contender
     * @param withoutCheckpoints whether Outrider without checkpoints takes part, too
     * @param withTracing whether Outrider that exports spans and metrics takes part, too
     */
    record Request(
            int accounts,
            long events,
            String distribution,
            int warmUp,
            int passes,
            boolean withoutCheckpoints,
            boolean withTracing,
            long seed) {}

    ThroughputBench(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    ThroughputReport run() throws IOException {
        progress.accept("fitting a model and starting a broker");
        try (BenchWorld world = world();
                TraceSink sink = new TraceSink()) {
            progress.accept(String.format("sending %,d events", request.events()));
            world.send(new BenchTraffic(
                    request.seed(),
                    AccountDraw.of(request.distribution(), request.accounts()),
                    request.events(),
                    Instant.now(),
                    BenchWorld.HISTORY));
            return measure(world, sink);
        }
    }

    /** To a model of such a past, an account that is busier than the others is none that alerts all the time. */
    private BenchWorld world() throws IOException {
        return request.distribution().equals("uniform")
                ? BenchWorld.create()
                : BenchWorld.create(AccountDraw.of(request.distribution(), request.accounts()), request.events());
    }

    private Map<String, Supplier<Pass>> contenders(BenchWorld world, TraceSink sink) {
        Map<String, Supplier<Pass>> contenders = new LinkedHashMap<>();
        contenders.put(ThroughputReport.LIMIT, () -> new LimitPass(world));
        contenders.put(ThroughputReport.OUTRIDER, () -> new OutriderPass(world, Map.of()));
        if (request.withoutCheckpoints()) {
            contenders.put(ThroughputReport.WITHOUT_CHECKPOINTS, () -> new OutriderPass(world, WITHOUT_CHECKPOINTS));
        }
        if (request.withTracing()) {
            // All records are wanted, so that as many are traced as the default bound lets through.
            Map<String, String> exported =
                    Map.of("outrider.telemetry.endpoint", sink.url(), "outrider.telemetry.stream-ratio", "1");
            contenders.put(ThroughputReport.WITH_TRACING, () -> new OutriderPass(world, exported));
        }
        return contenders;
    }

    private ThroughputReport measure(BenchWorld world, TraceSink sink) throws IOException {
        Map<String, Supplier<Pass>> contenders = contenders(world, sink);
        Map<String, List<Meter.Measurement>> measured = new LinkedHashMap<>();
        long alerts = -1;
        Map<String, String> verdicts = Map.of();
        for (int turn = 0; turn < request.warmUp() + request.passes(); turn++) {
            for (Map.Entry<String, Supplier<Pass>> contender : contenders.entrySet()) {
                System.gc();
                String name = contender.getKey() + "-" + turn;
                Pass pass = contender.getValue().get();
                Meter.Measurement took = pass.run(name, request.events(), alerts);
                Map<String, String> published = AlertTopic.read(KafkaSettings.from(world.config(name, Map.of())));
                if (alerts < 0) {
                    alerts = pass.alerts();
                    verdicts = published;
                }
                String difference = AlertTopic.difference(verdicts, published);
                if (!difference.isEmpty()) {
                    throw new IllegalStateException("pass " + name + " published other alerts:\n" + difference);
                }
                progress.accept(String.format(
                        "%s: %,.0f events/s, %.1f CPU seconds per million%s",
                        name,
                        took.eventsPerSecond(),
                        took.cpuSecondsPerMillion(),
                        turn < request.warmUp() ? " (warming up)" : ""));
                if (turn >= request.warmUp()) {
                    measured.computeIfAbsent(contender.getKey(), first -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        if (request.withTracing() && sink.spanBytes() == 0) {
            throw new IllegalStateException("no span was exported, so that tracing was not measured");
        }
        return new ThroughputReport(request, alerts, measured);
    }
}
