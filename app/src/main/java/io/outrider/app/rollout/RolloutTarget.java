package io.outrider.app.rollout;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.ApiClient;
import io.outrider.app.command.CommandException;
import io.outrider.app.command.PlanChoice;
import io.outrider.app.etl.LakeChoice;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutJson;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.RolloutView;
import io.outrider.detection.rollout.RolloutDesk;
import io.outrider.detection.rollout.RolloutSettings;
import io.outrider.http.problem.ProblemType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say whose rollout, and the way there: over the API of a node, or straight to the lake. */
final class RolloutTarget {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** How long a change is asked for that is too early. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String ROLLOUT = "/api/v1/rollout";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A running node, such as http://127.0.0.1:8080 (default: straight on the lake).")
    private @Nullable String url;

    @Option(
            names = "--token",
            defaultValue = "${env:OUTRIDER_TOKEN:-}",
            description = "Bearer token for --url (default: the environment's OUTRIDER_TOKEN).")
    private String token = "";

    @Mixin
    private LakeChoice lake = new LakeChoice();

    @Option(names = "--plan", defaultValue = "transactions", description = "Feature plan (default: ${DEFAULT-VALUE}).")
    private String plan = "transactions";

    @Option(names = "--by", paramLabel = "NAME", description = "Who asks (default: the user's name).")
    private String by = System.getProperty("user.name", "somebody");

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it stands in the audit trail.")
    private String reason = "no reason given";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** Shows the rollout as it stands. */
    int show(PrintWriter out) throws IOException {
        return print(out, url == null ? tree(desk().view()) : client(url).get(ROLLOUT));
    }

    /**
     * Makes a change and shows the rollout behind it; what is refused only because it is too early is asked for again.
     *
     * @param err is told of that
     */
    int change(PrintWriter out, PrintWriter err, RolloutChange change) throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return print(out, url == null ? onLake(change) : post(client(url), change));
            } catch (EarlyException e) {
                if (System.nanoTime() + e.retryAfter().toNanos() > until) {
                    throw e;
                }
                err.println("outrider: not yet: " + e.getMessage());
                sleep(e.retryAfter());
            }
        }
    }

    private JsonNode onLake(RolloutChange change) throws IOException {
        try {
            return tree(desk().change(change, by, reason));
        } catch (RolloutRefusedException e) {
            throw refusal(String.valueOf(e.getMessage()), e.byGate(), e.retryAfter(), e);
        }
    }

    private static CommandException refusal(
            String words, boolean byGate, @Nullable Duration retryAfter, Throwable cause) {
        String message = words + (byGate ? " (--force promotes it all the same)" : "");
        return retryAfter == null
                ? new CommandException(message, cause)
                : new EarlyException(message, retryAfter, cause);
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private RolloutDesk desk() throws IOException {
        Config config = ConfigFactory.load();
        return new RolloutDesk(
                lake.open(config), PlanChoice.named(plan), RolloutSettings.from(config), null, Clock.systemUTC());
    }

    private ApiClient client(String url) {
        return new ApiClient(url, token);
    }

    private JsonNode post(ApiClient client, RolloutChange change) {
        ObjectNode body = JSON.createObjectNode().put("by", by).put("reason", reason);
        try {
            return client.post(place(change, body), body, UUID.randomUUID().toString());
        } catch (ApiClient.RefusedException e) {
            boolean byGate = e.type().equals(ProblemType.GATE_REFUSED.uri());
            throw refusal(String.valueOf(e.getMessage()), byGate, e.retryAfter(), e);
        }
    }

    /** Where a change is asked for; what it is besides goes into the body. */
    private static String place(RolloutChange change, ObjectNode body) {
        if (change instanceof RolloutChange.Promote promote) {
            body.put("force", promote.forced());
            String version = URLEncoder.encode(promote.version(), StandardCharsets.UTF_8);
            return "/api/v1/models/" + version + "/promote";
        }
        if (change instanceof RolloutChange.Rollback rollback) {
            if (rollback.version() != null) {
                body.put("modelVersion", rollback.version());
            }
            return "/api/v1/models/rollback";
        }
        if (change instanceof RolloutChange.Canary canary) {
            body.put("action", "canary").put("modelVersion", canary.version()).put("share", canary.share());
        } else if (change instanceof RolloutChange.Shadow shadow) {
            String version = shadow.version();
            body.put("action", version == null ? "end-shadow" : "shadow");
            if (version != null) {
                body.put("modelVersion", version);
            }
        }
        return ROLLOUT;
    }

    private static JsonNode tree(RolloutView view) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.getFactory().createGenerator(bytes)) {
            RolloutJson.write(generator, view);
        }
        return JSON.readTree(bytes.toByteArray());
    }

    private int print(PrintWriter out, JsonNode rollout) {
        out.println(json ? rollout.toString() : RolloutText.of(rollout));
        return 0;
    }
}
