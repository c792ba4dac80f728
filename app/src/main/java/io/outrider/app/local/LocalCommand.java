package io.outrider.app.local;

import io.outrider.ingestion.simulator.Profile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outrider local}. */
@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        description = {
            "Runs everything on this machine: broker, model, simulated traffic, batch runs, API and console.",
            "Started again on the same data directory it knows everything it knew."
        })
public final class LocalCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port of API and console (default: ${DEFAULT-VALUE}; 0: any).")
    private int port;

    @Option(
            names = "--kafka-port",
            defaultValue = "9092",
            description = "Port of the broker (default: ${DEFAULT-VALUE}; 0: any).")
    private int kafkaPort;

    @Option(names = "--data-dir", description = "Where everything is kept (default: .outrider in the project).")
    private @Nullable Path dataDir;

    @Option(
            names = "--rate",
            defaultValue = "50",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}; 0: as fast as it goes).")
    private double rate;

    @Option(
            names = "--profile",
            defaultValue = "cards",
            description = "Simulated world: cards, uniform, network-access or sensor (default: ${DEFAULT-VALUE}).")
    private String profile;

    @Option(names = "--no-simulator", description = "Send no simulated traffic; wait for yours.")
    private boolean noSimulator;

    @Option(
            names = "--rekey",
            description = "Also copy events from the ingress topic, sent without a key, to their account's partition.")
    private boolean rekey;

    @Override
    public Integer call() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        LocalMode local =
                new LocalMode(options(), new LocalPrinter(spec.commandLine().getOut()));
        Thread hook = new Thread(
                () -> {
                    ended.countDown();
                    local.close();
                },
                "outrider-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean started = false;
        try {
            local.start();
            started = true;
        } finally {
            if (!started) {
                local.close();
            }
        }
        ended.await();
        hook.join();
        return 0;
    }

    private LocalOptions options() {
        requirePort(port, "--port");
        requirePort(kafkaPort, "--kafka-port");
        if (!(rate >= 0)) {
            throw new ParameterException(spec.commandLine(), "--rate must be 0 or more: " + rate);
        }
        Path home = Path.of(System.getProperty("outrider.home", "."));
        return new LocalOptions(
                port,
                kafkaPort,
                dataDir == null ? home.resolve(".outrider") : dataDir,
                profile(),
                rate,
                !noSimulator,
                rekey);
    }

    private Profile profile() {
        try {
            return Profile.named(profile);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--profile: " + e.getMessage(), e);
        }
    }

    private void requirePort(int value, String option) {
        if (value < 0 || value > 65_535) {
            throw new ParameterException(spec.commandLine(), option + " must be 0 to 65535: " + value);
        }
    }
}
