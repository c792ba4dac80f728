package io.outrider.app.bench.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.app.bench.world.Folders;
import io.outrider.app.command.CommandException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that the commands of this package share. */
final class ChaosOptions {

    @Option(names = "--rate", defaultValue = "200", description = "Events a second. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(names = "--accounts", defaultValue = "300", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(
            names = "--seed",
            description =
                    "Same seed, same faults at the same times, as far as the machine lets them. Default: the clock's.")
    private @Nullable Long seed;

    @Option(
            names = "--azurite",
            paramLabel = "URL",
            defaultValue = "${env:OUTRIDER_TEST_AZURITE}",
            description = "Azurite on this machine, for the lake and its faults; a lake that it holds is deleted."
                    + " Default: OUTRIDER_TEST_AZURITE, otherwise the lake is a folder and has no faults.")
    private @Nullable URI azurite;

    @Option(
            names = "--folder",
            description = "For input.ndjson, accounts.ndjson (what the nodes say at the end), logs, broker and lake."
                    + " Must be empty or missing. Default: a temporary one, kept if something differs.")
    private @Nullable Path folder;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    long seed() {
        if (seed == null) {
            seed = System.currentTimeMillis() % 1_000_000;
        }
        return seed;
    }

    boolean hasBlobServer() {
        return azurite != null;
    }

    ChaosWorld.Request request() throws IOException {
        if (rate <= 0 || accounts < 1) {
            throw new CommandException("--rate must be above 0, and --accounts at least 1");
        }
        return new ChaosWorld.Request(home(), emptyFolder(), Optional.ofNullable(azurite), accounts, rate, seed());
    }

    /** The checkout that this program runs from. */
    static Path home() {
        String home = System.getProperty("outrider.home");
        if (home == null) {
            throw new CommandException("start this through the launcher, ./outrider: it starts more of them");
        }
        return Path.of(home);
    }

    private Path emptyFolder() throws IOException {
        if (folder == null) {
            return Files.createTempDirectory("outrider-chaos");
        }
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new CommandException("--folder: " + folder + " is not empty");
            }
        }
        return folder.toAbsolutePath();
    }

    /** What is printed at the end; with {@code --json}, as JSON to which the command adds its own. */
    String print(Comparison.Outcome outcome, Path written, Consumer<ObjectNode> more) {
        if (json) {
            ObjectNode root = new ObjectMapper().createObjectNode();
            root.put("seed", seed());
            more.accept(root);
            root.put("events", outcome.events());
            root.put("accounts", outcome.accounts());
            root.put("alerts", outcome.alerts());
            root.put("loadAverage", loadAverage());
            outcome.differences().forEach(root.putArray("differences")::add);
            return root.toPrettyString();
        }
        String numbers = String.format(
                Locale.ROOT,
                "%,d events of %,d accounts, %,d alerts, ",
                outcome.events(),
                outcome.accounts(),
                outcome.alerts());
        if (outcome.differences().isEmpty()) {
            return "SAME: " + numbers + "as the fold and undisturbed nodes have them";
        }
        return "DIFFERENT: " + numbers + situation(written) + "\n" + String.join("\n", outcome.differences());
    }

    /** What whoever looks for the reason of a failure needs. */
    private String situation(Path written) {
        return String.format(Locale.ROOT, "seed %d, load average %.1f, logs in %s", seed(), loadAverage(), written);
    }

    /** Of the last minute, over all programs: time limits mean little when it is far above the number of processors. */
    private static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** Runs the world; an IOException tells where to look. */
    Comparison.Outcome run(ChaosWorld.Request request, Path firstHome, ChaosWorld.Deed deed)
            throws IOException, InterruptedException {
        try {
            return new ChaosWorld(request).run(firstHome, deed);
        } catch (IOException e) {
            throw new IOException("FAILED: " + e.getMessage() + "\n" + situation(request.folder()), e);
        }
    }

    /** Deletes what was written if nothing differs and nobody has named a place for it. */
    void tidy(Comparison.Outcome outcome, Path written) throws IOException {
        if (folder == null && outcome.differences().isEmpty()) {
            Folders.delete(written);
        }
    }
}
