package io.outrider.app.command;

import io.outrider.app.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outrider broker}: for benchmarks and for trying a cluster on one machine. */
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a single Kafka broker on the loopback interface, until it is told to stop.",
            "For trying things out: one broker keeps one copy of each record."
        })
public final class BrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "9092",
            description = "Loopback port for clients (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--data-dir", required = true, description = "Where its log lives; created if missing.")
    private Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(directory, port);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "outrider-broker-stop"));
        spec.commandLine().getOut().println("broker on " + broker.bootstrapServers());
        new CountDownLatch(1).await();
        return 0;
    }
}
