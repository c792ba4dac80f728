package io.outrider.app.bench.throughput;

import io.outrider.app.bench.world.AccountDraw;
import io.outrider.app.bench.world.AlertTopic;
import io.outrider.app.bench.world.BenchTraffic;
import io.outrider.app.bench.world.BenchWorld;
import io.outrider.ingestion.kafka.KafkaSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private static final int BACKLOG_PER_ACCOUNT = 3;

    private final Request request;
    private final Consumer<String> progress;

    /** End of the backlog in event time; what comes at a steady rate lies behind it. */
    private final Instant backlogUntil;

    /** Events sent so far, and steady loads among them. */
    private long sent;

    private int loads;

    /**
     * What to run.
     *
     * @param events of each pass
     * @param rate how many come in a second; 0: all are there before
     * @param known whether those that bring the accounts into memory come before and are not measured; always so at a rate
     * @param distribution as {@link AccountDraw#of} takes it
     * @param warmUp turns of each contender before those that are measured
     * @param passes measured turns of each contender
     * @param withoutCheckpoints whether Outrider without checkpoints takes part, too
     * @param withTracing whether Outrider that exports spans and metrics takes part, too
     */
    record Request(
            int accounts,
            long events,
            int rate,
            boolean known,
            String distribution,
            int warmUp,
            int passes,
            boolean withoutCheckpoints,
            boolean withTracing,
            long seed) {

        boolean isSteady() {
            return rate > 0;
        }

        /** Events that each pass does before it is measured: enough to know the accounts, where they are to be known. */
        long before() {
            return known || isSteady() ? (long) BACKLOG_PER_ACCOUNT * accounts : 0;
        }

        /** Events in the topic before the first pass. */
        long backlog() {
            return before() + (isSteady() ? 0 : events);
        }
    }

    ThroughputBench(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
        this.backlogUntil = request.isSteady() ? Instant.now().minus(SteadyLoad.ALL) : Instant.now();
    }

    ThroughputReport run() throws IOException {
        progress.accept("fitting a model and starting a broker");
        try (BenchWorld world = world();
                TraceSink sink = new TraceSink()) {
            sent = request.backlog();
            progress.accept(String.format("sending %,d events", sent));
            world.kafka()
                    .send(new BenchTraffic(
                            request.seed(),
                            AccountDraw.of(request.distribution(), request.accounts()),
                            sent,
                            backlogUntil,
                            BenchWorld.HISTORY));
            return measure(world, sink);
        }
    }

    /** To a model of such a past, an account that is busier than the others is none that alerts all the time. */
    private BenchWorld world() throws IOException {
        long past = request.isSteady() ? request.events() : request.backlog();
        return request.distribution().equals("uniform")
                ? BenchWorld.create()
                : BenchWorld.create(AccountDraw.of(request.distribution(), request.accounts()), past);
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
        Map<String, String> alerts = Map.of();
        for (int turn = 0; turn < request.warmUp() + request.passes(); turn++) {
            for (Map.Entry<String, Supplier<Pass>> contender : contenders.entrySet()) {
                System.gc();
                String name = contender.getKey() + "-" + turn;
                long expected = request.isSteady() || alerts.isEmpty() ? -1 : alerts.size();
                Meter.Measurement took = contender.getValue().get().run(name, load(world), expected);
                Map<String, String> published =
                        AlertTopic.read(KafkaSettings.from(world.kafka().config(name, Map.of())));
                if (!alerts.isEmpty()) {
                    requireSame(name, alerts, published);
                }
                alerts = published;
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
        return new ThroughputReport(request, alerts.size(), measured);
    }

    private Load load(BenchWorld world) {
        if (!request.isSteady()) {
            return Load.backlog(request.before(), request.events());
        }
        long before = sent;
        sent += request.events();
        loads++;
        return new SteadyLoad(world, request, before, backlogUntil.plus(SteadyLoad.SPAN.multipliedBy(loads)));
    }

    /** A steady load lets each pass read what came to the ones before it, too. */
    private void requireSame(String name, Map<String, String> before, Map<String, String> published) {
        Map<String, String> comparable = new TreeMap<>(published);
        if (request.isSteady()) {
            comparable.keySet().retainAll(before.keySet());
        }
        String difference = AlertTopic.difference(before, comparable);
        if (!difference.isEmpty()) {
            throw new IllegalStateException("pass " + name + " published other alerts:\n" + difference);
        }
    }
}
