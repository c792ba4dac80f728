package io.outrider.app.bench.throughput;

import io.outrider.app.bench.world.BenchWorld;
import io.outrider.app.bench.world.JavaProcess;
import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Events that come at a steady rate, from a process of its own so that its work is not counted as the pass's, once the pass
 * has caught up with all that lies in the topic.
 */
final class SteadyLoad implements Load {

    /** How much event time the events of one pass cover. */
    static final Duration SPAN = Duration.ofDays(1);

    /** More than those of all passes together. */
    static final Duration ALL = Duration.ofDays(365);

    /** Part of the rate that is taken for all of it: first and last events are not sent or done in no time. */
    private static final double KEPT_UP = 0.95;

    private final BenchWorld world;
    private final ThroughputBench.Request request;
    private final long before;
    private final Instant until;

    /**
     * The load of one pass.
     *
     * @param before events in the topic before these
     * @param until event time of the last of them
     */
    SteadyLoad(BenchWorld world, ThroughputBench.Request request, long before, Instant until) {
        this.world = world;
        this.request = request;
        this.before = before;
        this.until = until;
    }

    @Override
    public Meter.Measurement measure(LongSupplier done, BooleanSupplier settled) throws IOException {
        Load.awaitDone(done, before);
        try (JavaProcess sender = sender()) {
            Meter.Measurement measured = Meter.measure(() -> done.getAsLong() - before, request.events(), settled);
            sender.requireSuccess();
            if (measured.eventsPerSecond() < KEPT_UP * request.rate()) {
                throw new CommandException(String.format(
                        "of %,d events a second only %,.0f were done: give a lower --rate",
                        request.rate(), measured.eventsPerSecond()));
            }
            return measured;
        }
    }

    private JavaProcess sender() throws IOException {
        return JavaProcess.start(
                world.directory().resolve("sender.log"),
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                List.of(
                        "bench",
                        "send",
                        "--bootstrap-servers",
                        world.kafka().bootstrapServers(),
                        "--accounts",
                        Integer.toString(request.accounts()),
                        "--distribution",
                        request.distribution(),
                        "--events",
                        Long.toString(request.events()),
                        "--rate",
                        Integer.toString(request.rate()),
                        "--until",
                        until.toString(),
                        "--seed",
                        Long.toString(until.toEpochMilli())));
    }
}
