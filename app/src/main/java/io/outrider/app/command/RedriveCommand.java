package io.outrider.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.event.RejectionReason;
import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.redrive.Mends;
import io.outrider.ingestion.redrive.Redrive;
import io.outrider.ingestion.redrive.Selection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outrider redrive}. */
@Command(
        name = "redrive",
        mixinStandardHelpOptions = true,
        description = {
            "Puts dead letters back onto the topic they came from, transactions or labels, each at most once however often it is run.",
            "A letter that still is no valid event or label stays where it is; --mend gives it other bytes."
        })
public final class RedriveCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Option(
            names = "--reason",
            split = ",",
            description = "Only letters with these reasons, e.g. far-future,wrong-partition.")
    private List<String> reasons = List.of();

    @Option(names = "--from", description = "Only letters from this time on, ISO-8601.")
    private @Nullable Instant from;

    @Option(names = "--to", description = "Only letters before this time, ISO-8601.")
    private @Nullable Instant to;

    @Option(names = "--partition", description = "Only this partition of dead-letters.")
    private @Nullable Integer partition;

    @Option(names = "--from-offset", description = "Only from this offset of dead-letters on.")
    private long fromOffset;

    @Option(names = "--to-offset", description = "Only below this offset of dead-letters.")
    private long toOffset = Long.MAX_VALUE;

    @Option(
            names = "--mend",
            paramLabel = "FILE",
            description =
                    "NDJSON of {\"partition\":0,\"offset\":12,\"value\":{…}}: mended events or labels by dead letter.")
    private @Nullable Path mend;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Option(names = "--verbose", description = "A line for each selected letter.")
    private boolean verbose;

    @Mixin
    private Summary summary;

    @Override
    public Integer call() throws IOException {
        KafkaSettings kafka = connection.kafka();
        EventReading reading = connection.reading();
        connection.target(kafka, true);
        PrintWriter out = spec.commandLine().getOut();
        Redrive.Report report = new Redrive(kafka, reading, Clock.systemUTC())
                .run(new Redrive.Request(selection(), mend == null ? Mends.NONE : Mends.read(mend), dryRun), result -> {
                    if (verbose) {
                        out.println(line(result));
                    }
                });
        summary.print(sentence(report), json -> {
            json.put("examined", report.examined())
                    .put("selected", report.selected())
                    .put("dryRun", dryRun)
                    .put("putBack", report.redriven())
                    .put("putBackBefore", report.alreadyRedriven());
            ObjectNode bad = json.putObject("stillBad");
            report.stillBad().forEach((reason, count) -> bad.put(reason.wireName(), count));
        });
        return 0;
    }

    private String sentence(Redrive.Report report) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d dead letters, %,d selected: %,d %s, %,d put back before, %,d still bad",
                report.examined(),
                report.selected(),
                report.redriven(),
                dryRun ? "would be put back" : "put back",
                report.alreadyRedriven(),
                report.stillBad().values().stream().mapToLong(Long::longValue).sum()));
        report.stillBad()
                .forEach((reason, count) ->
                        text.append(String.format(Locale.ROOT, "%n  %,d %s", count, reason.wireName())));
        return text.toString();
    }

    private static String line(Redrive.Result result) {
        String outcome = result.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String place = result.letter().partition() + "/" + result.letter().offset();
        return place + " " + outcome
                + (result.rejection() == null
                        ? ""
                        : " " + result.rejection().reason().wireName() + ": "
                                + result.rejection().detail());
    }

    private Selection selection() {
        Set<RejectionReason> chosen = new HashSet<>();
        for (String name : reasons) {
            chosen.add(reason(name));
        }
        return new Selection(
                chosen,
                Optional.ofNullable(from),
                Optional.ofNullable(to),
                Optional.ofNullable(partition),
                fromOffset,
                toOffset);
    }

    private RejectionReason reason(String name) {
        return Arrays.stream(RejectionReason.values())
                .filter(reason -> reason.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--reason: no reason '" + name + "', only "
                                + Arrays.stream(RejectionReason.values())
                                        .map(RejectionReason::wireName)
                                        .collect(Collectors.joining(", "))));
    }
}
