package io.outrider.app.command;

import io.outrider.ingestion.kafka.AccountRecords;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.replay.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code outrider replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Sends histories (CSV or NDJSON, gzip or not) to a broker in event order.",
            "Rows that are no valid events are sent too; they end in dead-letters with their reason."
        })
public final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private Connection connection;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Histories, in any order.")
    private List<Path> files;

    @Option(names = "--rate", description = "Events a second (default: as fast as it goes).")
    private double rate;

    @Option(names = "--limit", description = "Stop after so many events.")
    private long limit;

    @Option(names = "--no-key", description = "Send without keys, to the ingress topic.")
    private boolean noKey;

    @Mixin
    private Summary summary;

    @Override
    public Integer call() throws IOException {
        KafkaSettings kafka = connection.kafka();
        EventReading reading = connection.reading();
        AccountRecords records = new AccountRecords(connection.target(kafka, !noKey), reading.partitioner());
        Replay.Request request = new Replay.Request(files, reading.schema(), records, !noKey, rate, limit);
        Replay.Progress done = run(kafka, request);
        summary.print(
                String.format(
                        Locale.ROOT,
                        "%,d events sent and acknowledged (%,d of them malformed) in %.1f s, %,.0f a second",
                        done.acknowledged(),
                        done.malformed(),
                        done.elapsedSeconds(),
                        done.eventsPerSecond()),
                json -> json.put("acknowledged", done.acknowledged())
                        .put("malformed", done.malformed())
                        .put("seconds", done.elapsedSeconds())
                        .put("eventsPerSecond", done.eventsPerSecond()));
        return 0;
    }

    private static Replay.Progress run(KafkaSettings kafka, Replay.Request request) throws IOException {
        try (Progress bar = Progress.bar("replay")) {
            return new Replay(kafka).run(request, progress -> bar.at(progress.fraction(), () -> message(progress)));
        }
    }

    private static String message(Replay.Progress progress) {
        return String.format(Locale.ROOT, "%,d events, %,.0f/s", progress.events(), progress.eventsPerSecond());
    }
}
