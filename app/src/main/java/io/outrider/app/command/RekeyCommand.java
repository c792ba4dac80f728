package io.outrider.app.command;

import io.outrider.ingestion.kafka.EventReading;
import io.outrider.ingestion.kafka.KafkaSettings;
import io.outrider.ingestion.rekey.ReKeySettings;
import io.outrider.ingestion.rekey.ReKeyer;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outrider rekey}. */
@Command(
        name = "rekey",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the ingress topic, written without keys, to transactions by account, each record exactly once.",
            "Runs until it is stopped; started again it goes on where it was."
        })
public final class RekeyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Summary summary;

    @Override
    public Integer call() throws InterruptedException {
        KafkaSettings kafka = connection.kafka();
        EventReading reading = connection.reading();
        connection.target(kafka, true);
        connection.target(kafka, false);
        CountDownLatch stopped = new CountDownLatch(1);
        ReKeyer rekeyer = new ReKeyer(kafka, ReKeySettings.from(connection.config()), reading);
        Runnable stop = () -> {
            rekeyer.close();
            stopped.countDown();
        };
        Interruption interruption = Interruption.by(stop);
        try {
            rekeyer.start();
            ReKeyer.Counters counters = rekeyer.counters();
            try (StatusLine line = new StatusLine(spec.commandLine().getErr())) {
                do {
                    line.show(sentence(counters));
                } while (!stopped.await(1, TimeUnit.SECONDS));
            }
            summary.print(
                    sentence(counters),
                    json -> json.put("copied", counters.copied().sum())
                            .put("deadLetters", counters.deadLetters().sum())
                            .put("copiedBefore", counters.alreadyCopied().sum()));
        } finally {
            interruption.over();
        }
        return 0;
    }

    private static String sentence(ReKeyer.Counters counters) {
        return String.format(
                Locale.ROOT,
                "%,d copied, %,d dead letters, %,d copied before",
                counters.copied().sum(),
                counters.deadLetters().sum(),
                counters.alreadyCopied().sum());
    }
}
