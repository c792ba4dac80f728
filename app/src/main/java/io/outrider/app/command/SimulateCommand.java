package io.outrider.app.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.simulator.SimulatedRecord;
import io.outrider.ingestion.simulator.Simulation;
import io.outrider.ingestion.simulator.SimulatorSettings;
import io.outrider.ingestion.simulator.TrafficSender;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outrider simulate}. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Sends simulated traffic with injected, labelled anomalies; labels follow on their topic.",
            "Same seed, settings and start: same events. Event time never passes the clock."
        })
public final class SimulateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Option(names = "--profile", description = "World: cards, uniform, network-access or sensor (default: cards).")
    private @Nullable String profile;

    @Option(names = "--accounts", description = "Accounts in the world (default: 2000).")
    private @Nullable Integer accounts;

    @Option(names = "--seed", description = "Seed of the world (default: 42).")
    private @Nullable Long seed;

    @Option(
            names = "--rate",
            defaultValue = "50",
            description = "Events a second (default: ${DEFAULT-VALUE}; 0: as fast as it goes).")
    private double rate;

    @Option(names = "--speed-up", description = "Event time per real time (default: as the rate needs it).")
    private double speedUp;

    @Option(names = "--from", description = "Event time to begin with, ISO-8601 (default: 90 days ago).")
    private @Nullable Instant from;

    @Option(names = "--limit", description = "Stop after so many events.")
    private long limit;

    @Option(names = "--seconds", description = "Stop after so many seconds.")
    private long seconds;

    @Option(names = "--no-key", description = "Send without keys, to the ingress topic.")
    private boolean noKey;

    @Mixin
    private Summary summary;

    @Override
    public Integer call() throws IOException {
        KafkaSettings kafka = connection.kafka();
        EventReading reading = connection.reading();
        Clock clock = Clock.systemUTC();
        Instant begin = from == null ? clock.instant().minus(Duration.ofDays(90)) : from;
        Simulation simulation = new Simulation(settings(), reading.schema());
        TrafficSender.Plan plan = new TrafficSender.Plan(
                new AccountRecords(connection.target(kafka, !noKey), reading.partitioner()),
                !noKey,
                kafka.topics().labels(),
                rate,
                speedUp,
                limit,
                seconds);
        try (TrafficSender sender = new TrafficSender(kafka, clock)) {
            Interruption interruption = Interruption.by(sender::stop);
            try {
                TrafficSender.Progress done = send(sender, simulation.from(begin), plan);
                summary.print(
                        sentence(done),
                        json -> json.put("events", done.events())
                                .put("anomalies", done.anomalies())
                                .put("labels", done.labels())
                                .put(
                                        "eventTime",
                                        Instant.ofEpochMilli(done.eventTimeMs()).toString())
                                .put("seconds", done.elapsedSeconds())
                                .put("eventsPerSecond", perSecond(done)));
            } finally {
                interruption.over();
            }
        }
        return 0;
    }

    private TrafficSender.Progress send(
            TrafficSender sender, Iterator<SimulatedRecord> records, TrafficSender.Plan plan) throws IOException {
        try (StatusLine line = new StatusLine(spec.commandLine().getErr())) {
            return sender.send(records, plan, progress -> line.show(sentence(progress)));
        }
    }

    private static String sentence(TrafficSender.Progress progress) {
        return String.format(
                Locale.ROOT,
                "%,d events, %,d of them anomalies, %,d labels; event time %s; %,.0f/s",
                progress.events(),
                progress.anomalies(),
                progress.labels(),
                Instant.ofEpochMilli(progress.eventTimeMs()),
                perSecond(progress));
    }

    private static double perSecond(TrafficSender.Progress progress) {
        return progress.events() / Math.max(progress.elapsedSeconds(), 1e-3);
    }

    private SimulatorSettings settings() {
        Map<String, Object> chosen = new LinkedHashMap<>();
        if (profile != null) {
            chosen.put("outrider.simulator.profile", profile);
        }
        if (accounts != null) {
            chosen.put("outrider.simulator.accounts", accounts);
        }
        if (seed != null) {
            chosen.put("outrider.simulator.seed", seed);
        }
        Config config = ConfigFactory.parseMap(chosen).withFallback(connection.config());
        try {
            return SimulatorSettings.from(config);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
