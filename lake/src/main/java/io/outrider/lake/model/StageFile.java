package io.outrider.lake.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.outrider.core.model.Canary;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.Requested;
import io.outrider.core.rollout.StageEntry;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one plan's models in the lake: {@code models/<plan>/stages.json}, replaced by conditional writes only, so
 * that of two changes at once one is made on top of the other. Calls block. Thread-safe.
 *
 * <pre>
 * { "version": 1,            of this format; a higher one is refused
 *   "revision": 3,           counts the changes
 *   "champion": "…",         the model in force
 *   "former": ["…"],         champions before, the last one last
 *   "challenger": "…",       null for none
 *   "canary": { "modelVersion": "…", "share": 0.1 },      null for none
 *   "archived": ["…"],
 *   "audit": [ { "revision": 3, "at": "2026-03-01T12:00:00Z", "by": "…", "action": "promote", "modelVersion": "…",
 *                "share": null, "reason": "…" } ] }
 * </pre>
 */
public final class StageFile {

    private static final int VERSION = 1;
    private static final int TRIES = 20;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final BlobStore lake;
    private final String name;

    /** The stages of the models of the plan of the given name. */
    public StageFile(BlobStore lake, String plan) {
        this.lake = lake;
        this.name = "models/" + plan + "/stages.json";
    }

    /** The stages as they stand; empty if the lake has none yet. */
    public Optional<ModelStages> read() throws IOException {
        Optional<Blob> found = lake.get(name);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(decode(found.get().content()));
    }

    /**
     * The stages; where the lake has none yet, its newest model becomes the first champion. Empty if there is no model
     * either.
     */
    public Optional<ModelStages> readOrBegin(ModelFiles models, Clock clock) throws IOException {
        Optional<ModelStages> stages = read();
        if (stages.isPresent()) {
            return stages;
        }
        Optional<ModelStages> first = first(models, clock, "the newest model when stages began");
        if (first.isEmpty()) {
            return Optional.empty();
        }
        lake.putIfAbsent(name, encode(first.get()));
        return read();
    }

    /** The stages; where the lake has none yet, as {@link #readOrBegin} would begin them, of which nothing is written. */
    public Optional<ModelStages> readOrFirst(ModelFiles models, Clock clock) throws IOException {
        Optional<ModelStages> stages = read();
        return stages.isPresent() ? stages : first(models, clock, "the newest model; stages begin with a node's start");
    }

    private static Optional<ModelStages> first(ModelFiles models, Clock clock, String why) throws IOException {
        return models.newest()
                .map(newest -> ModelStages.begin(newest, new Requested("outrider", clock.instant(), why)));
    }

    /**
     * Makes a change on top of whatever stands there.
     *
     * @param change from the stages as they are to those they are to be; called again when somebody else was faster. What
     *     it throws goes to the caller, and nothing is changed
     * @return the stages behind the change
     * @throws IOException also if there are no stages yet
     */
    public ModelStages change(UnaryOperator<ModelStages> change) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Blob found = lake.get(name)
                    .orElseThrow(() -> new IOException(
                            name + " is missing: no node has ever started on this lake, or it has no model"));
            ModelStages to = change.apply(decode(found.content()));
            if (lake.putIfMatch(name, encode(to), found.etag()).isPresent()) {
                return to;
            }
        }
        throw new IOException(name + " is being changed by others all the time; try again");
    }

    static byte[] encode(ModelStages stages) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", VERSION);
        root.put("revision", stages.revision());
        root.put("champion", stages.champion());
        stages.former().forEach(root.putArray("former")::add);
        root.put("challenger", stages.challenger());
        root.set("canary", JSON.valueToTree(stages.canary()));
        stages.archived().forEach(root.putArray("archived")::add);
        ArrayNode audit = root.putArray("audit");
        for (StageEntry entry : stages.audit()) {
            audit.addObject()
                    .put("revision", entry.revision())
                    .put("at", entry.at().toString())
                    .put("by", entry.by())
                    .put("action", wireName(entry.action()))
                    .put("modelVersion", entry.modelVersion())
                    .put("share", entry.share())
                    .put("reason", entry.reason());
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always writable", e);
        }
    }

    private ModelStages decode(byte[] bytes) throws IOException {
        try {
            JsonNode root = JSON.readTree(bytes);
            int version = root.path("version").asInt(0);
            if (version != VERSION) {
                throw new IOException(
                        name + " has format version " + version + ", this program reads version " + VERSION);
            }
            JsonNode canary = root.path("canary");
            List<StageEntry> audit = new ArrayList<>();
            for (JsonNode entry : root.path("audit")) {
                audit.add(entry(entry));
            }
            if (audit.isEmpty()) {
                throw new IllegalArgumentException("audit is empty");
            }
            return new ModelStages(
                    root.path("revision").asLong(),
                    text(root, "champion"),
                    texts(root.path("former")),
                    textOrNull(root, "challenger"),
                    canary.isObject()
                            ? new Canary(
                                    text(canary, "modelVersion"),
                                    canary.path("share").asDouble())
                            : null,
                    texts(root.path("archived")),
                    audit);
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static StageEntry entry(JsonNode json) {
        JsonNode share = json.path("share");
        return new StageEntry(
                json.path("revision").asLong(),
                Instant.parse(text(json, "at")),
                text(json, "by"),
                action(text(json, "action")),
                text(json, "modelVersion"),
                share.isNumber() ? share.doubleValue() : null,
                text(json, "reason"));
    }

    private static String wireName(StageEntry.Action action) {
        return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static StageEntry.Action action(String name) {
        for (StageEntry.Action action : StageEntry.Action.values()) {
            if (wireName(action).equals(name)) {
                return action;
            }
        }
        throw new IllegalArgumentException("action '" + name + "' is none");
    }

    private static List<String> texts(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(one -> all.add(one.asText()));
        return all;
    }

    private static String text(JsonNode json, String field) {
        String text = textOrNull(json, field);
        if (text == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return text;
    }

    private static @Nullable String textOrNull(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.textValue() : null;
    }
}
