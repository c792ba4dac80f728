package io.outrider.app.rollout;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.app.command.CommandException;
import io.outrider.app.etl.LakeChoice;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutJson;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.RolloutView;
import io.outrider.detection.rollout.RolloutDesk;
import io.outrider.detection.rollout.RolloutSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say whose rollout, and the way there: over the API of a node, or straight to the lake. */
final class RolloutTarget {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A running node, such as http://127.0.0.1:8080 (default: straight on the lake).")
    private @Nullable URI url;

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
        return print(out, url == null ? tree(desk().view()) : ask("GET", "rollout", Map.of()));
    }

    /** Makes a change and shows the rollout behind it. */
    int change(PrintWriter out, RolloutChange change) throws IOException {
        if (url != null) {
            return print(out, post(change));
        }
        try {
            return print(out, tree(desk().change(change, by, reason)));
        } catch (RolloutRefusedException e) {
            throw new CommandException(e.getMessage() + (e.byGate() ? " (--force promotes it all the same)" : ""), e);
        }
    }

    private RolloutDesk desk() throws IOException {
        Config config = ConfigFactory.load();
        FeaturePlan named;
        try {
            named = FeaturePlan.named(plan);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        return new RolloutDesk(lake.open(config), named, RolloutSettings.from(config), null, Clock.systemUTC());
    }

    private JsonNode post(RolloutChange change) throws IOException {
        Map<String, Object> body = new TreeMap<>(Map.of("by", by, "reason", reason));
        if (change instanceof RolloutChange.Promote promote) {
            body.put("force", promote.forced());
            String version = URLEncoder.encode(promote.version(), StandardCharsets.UTF_8);
            return ask("POST", "models/" + version + "/promote", body);
        }
        if (change instanceof RolloutChange.Rollback) {
            return ask("POST", "models/rollback", body);
        }
        if (change instanceof RolloutChange.Canary canary) {
            body.putAll(Map.of("action", "canary", "modelVersion", canary.version(), "share", canary.share()));
        } else if (change instanceof RolloutChange.Shadow shadow) {
            String version = shadow.version();
            body.put("action", version == null ? "end-shadow" : "shadow");
            if (version != null) {
                body.put("modelVersion", version);
            }
        }
        return ask("POST", "rollout", body);
    }

    private JsonNode ask(String method, String path, Map<String, Object> body) throws IOException {
        URI uri = URI.create(String.valueOf(url).replaceAll("/+$", "") + "/api/v1/" + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        if (method.equals("POST")) {
            request.header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        try {
            HttpResponse<byte[]> response = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(request.build(), BodyHandlers.ofByteArray());
            JsonNode answer = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new CommandException(uri + " answers " + response.statusCode() + ": "
                        + answer.path("detail").asText("no detail"));
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        } catch (IllegalArgumentException e) {
            throw new CommandException("--url " + url + " is no address: " + e.getMessage(), e);
        }
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
