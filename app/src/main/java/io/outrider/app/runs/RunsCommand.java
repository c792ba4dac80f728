package io.outrider.app.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.app.command.ApiClient;
import io.outrider.app.command.CommandException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outrider runs}. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = {
            "Batch runs (ETL, training) of a running Outrider: what ran, what runs, start and cancel.",
            "Exit codes: 0 done, 1 refused or, where followed, not succeeded."
        },
        synopsisSubcommandLabel = "COMMAND")
public final class RunsCommand implements Runnable {

    private static final long RECONNECT_MS = 1_000;

    /** How long a node that was there may be away while a run is followed: longer than a restart takes. */
    private static final Duration AWAY_LIMIT = Duration.ofMinutes(5);

    @Spec
    private CommandSpec spec;

    /** Which Outrider, and how it is told. */
    static final class Target {

        @Option(
                names = "--url",
                defaultValue = "http://127.0.0.1:8080",
                description = "Where its API is (default: ${DEFAULT-VALUE}).")
        private String url = "";

        @Option(
                names = "--token",
                defaultValue = "${env:OUTRIDER_TOKEN:-}",
                description = "Bearer token, where the API asks for one (default: the environment's OUTRIDER_TOKEN).")
        private String token = "";

        @Option(names = "--json", description = "Print JSON, one run a line.")
        private boolean json;

        ApiClient client() {
            return new ApiClient(url, token);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say list, show, start or cancel.");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The runs of a kind, newest first.")
    int list(
            @Mixin Target target,
            @Parameters(paramLabel = "KIND", defaultValue = "etl", description = "etl (default), training, …")
                    String kind,
            @Option(names = "--limit", defaultValue = "20", description = "How many (default: ${DEFAULT-VALUE}).")
                    int limit) {
        JsonNode page = target.client().get(runs(kind) + "?limit=" + limit);
        for (JsonNode run : page.path("items")) {
            print(target, run, RunText.line(run));
        }
        return 0;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "One run, all that is known of it.")
    int show(
            @Mixin Target target,
            @Parameters(paramLabel = "ID", description = "Such as etl-12.") String id,
            @Option(names = "--follow", description = "Show its progress until it ends.") boolean follow) {
        if (follow) {
            return follow(target, id);
        }
        JsonNode run = target.client().get(one(id));
        print(target, run, RunText.full(run));
        return 0;
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Starts a run, if none of its kind goes on.")
    int start(
            @Mixin Target target,
            @Parameters(paramLabel = "KIND", description = "etl, training, …") String kind,
            @Option(
                            names = {"-p", "--parameter"},
                            paramLabel = "NAME=VALUE",
                            description = "What the job is told; may be repeated.")
                    @Nullable
                    Map<String, String> parameters,
            @Option(
                            names = "--key",
                            description = "Idempotency key: the same key gives the same run (default: a new one).")
                    @Nullable
                    String key,
            @Option(names = "--follow", description = "Show its progress until it ends.") boolean follow) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (parameters != null) {
            parameters.forEach(body::put);
        }
        JsonNode run = target.client()
                .post(runs(kind), body, key == null ? UUID.randomUUID().toString() : key);
        if (follow) {
            return follow(target, RunText.text(run, "id"));
        }
        print(target, run, RunText.line(run));
        return 0;
    }

    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Cancels a run that has not ended.")
    int cancel(@Mixin Target target, @Parameters(paramLabel = "ID", description = "Such as etl-12.") String id) {
        JsonNode run = target.client()
                .post(
                        one(id) + "/cancel",
                        JsonNodeFactory.instance.objectNode(),
                        UUID.randomUUID().toString());
        print(target, run, RunText.line(run));
        return 0;
    }

    /** Connects again when the connection ends before the run does, and when the node is away for a while. */
    private int follow(Target target, String id) {
        ApiClient client = target.client();
        String[] state = {""};
        long[] seenNanos = {System.nanoTime()};
        while (true) {
            try {
                boolean over = client.follow(one(id) + "/events", run -> {
                    state[0] = RunText.text(run, "state");
                    seenNanos[0] = System.nanoTime();
                    print(target, run, RunText.line(run));
                    return !isFinal(state[0]);
                });
                if (over) {
                    return state[0].equals("succeeded") ? 0 : 1;
                }
            } catch (ApiClient.AwayException e) {
                if (state[0].isEmpty() || System.nanoTime() - seenNanos[0] > AWAY_LIMIT.toNanos()) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RECONNECT_MS));
        }
    }

    private static boolean isFinal(String state) {
        return !state.equals("queued") && !state.equals("running");
    }

    private void print(Target target, JsonNode run, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(target.json ? run.toString() : text);
        out.flush();
    }

    private static String runs(String kind) {
        return "/api/v1/" + URLEncoder.encode(kind, StandardCharsets.UTF_8) + "/runs";
    }

    private static String one(String id) {
        int dash = id.lastIndexOf('-');
        if (dash < 1) {
            throw new CommandException("an id is KIND-NUMBER, such as etl-12, not '" + id + "'");
        }
        return runs(id.substring(0, dash)) + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
