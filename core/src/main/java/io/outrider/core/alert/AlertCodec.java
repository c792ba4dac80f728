package io.outrider.core.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Alerts as UTF-8 JSON, one object without line breaks; {@code schema/alert.schema.json} describes every field. Times
 * are ISO-8601 in UTC, enums lower case, a number that is not known (NaN) is null. Equal alerts give equal bytes, and
 * decoding gives back an equal alert. Unknown fields are ignored. Thread-safe.
 */
public final class AlertCodec {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    private AlertCodec() {}

    public static byte[] encode(Alert alert) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("id", alert.id());
            writeTransaction(json, alert.transaction());
            writeNumber(json, "score", alert.score());
            writeNumber(json, "threshold", alert.threshold());
            json.writeStringField("severity", alert.severity().name().toLowerCase(Locale.ROOT));
            json.writeStringField("modelVersion", alert.modelVersion());
            json.writeStringField("episodeId", alert.episodeId());
            writeNumber(json, "usualAmount", alert.usualAmount());
            json.writeArrayFieldStart("reasons");
            for (String reason : alert.reasons()) {
                json.writeString(reason);
            }
            json.writeEndArray();
            writeNumber(json, "expectedScore", alert.expectedScore());
            writeAttributions(json, alert.attributions());
            writeCounterfactual(json, alert.counterfactual());
            writeReceipt(json, alert.receipt());
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    static void writeTransaction(JsonGenerator json, Transaction transaction) throws IOException {
        json.writeStringField("account", transaction.account());
        json.writeStringField("transactionId", transaction.transactionId());
        json.writeStringField(
                "eventTime", Instant.ofEpochMilli(transaction.eventTimeMs()).toString());
        writeNumber(json, "amount", transaction.amount());
        json.writeStringField("merchant", transaction.merchant());
        json.writeStringField("device", transaction.device());
        json.writeStringField("network", transaction.network());
        json.writeStringField("currency", transaction.currency());
        Boolean fraud = transaction.fraud();
        if (fraud != null) {
            json.writeBooleanField("fraud", fraud);
        }
    }

    private static void writeAttributions(JsonGenerator json, List<Attribution> attributions) throws IOException {
        json.writeArrayFieldStart("attributions");
        for (Attribution attribution : attributions) {
            json.writeStartObject();
            json.writeStringField("feature", attribution.feature());
            json.writeStringField("words", attribution.words());
            writeNumber(json, "value", attribution.value());
            writeNumber(json, "contribution", attribution.contribution());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeCounterfactual(JsonGenerator json, @Nullable Counterfactual change) throws IOException {
        if (change == null) {
            json.writeNullField("counterfactual");
            return;
        }
        json.writeObjectFieldStart("counterfactual");
        json.writeStringField("feature", change.feature());
        json.writeStringField("words", change.words());
        writeNumber(json, "from", change.from());
        writeNumber(json, "to", change.to());
        writeNumber(json, "score", change.score());
        json.writeEndObject();
    }

    static void writeReceipt(JsonGenerator json, Receipt receipt) throws IOException {
        json.writeObjectFieldStart("receipt");
        json.writeObjectFieldStart("position");
        json.writeStringField("generation", receipt.position().generation());
        json.writeNumberField("partition", receipt.position().partition());
        json.writeNumberField("offset", receipt.position().offset());
        json.writeEndObject();
        json.writeObjectFieldStart("context");
        json.writeStringField("modelVersion", receipt.context().modelVersion());
        json.writeNumberField("riskVersion", receipt.context().riskVersion());
        json.writeEndObject();
        json.writeStringField("planFingerprint", receipt.planFingerprint());
        json.writeObjectFieldStart("vector");
        for (Map.Entry<String, Double> entry : receipt.vector().entrySet()) {
            writeNumber(json, entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    static void writeNumber(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isNaN(value)) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    /** Throws IllegalArgumentException on bytes that are no alert. */
    public static Alert decode(byte[] json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("no alert: " + e.getMessage(), e);
        }
        List<Attribution> attributions = new ArrayList<>();
        for (JsonNode node : child(root, "attributions")) {
            attributions.add(new Attribution(
                    text(node, "feature"), text(node, "words"), number(node, "value"), number(node, "contribution")));
        }
        List<String> reasons = new ArrayList<>();
        child(root, "reasons").forEach(node -> reasons.add(node.asText()));
        return new Alert(
                text(root, "id"),
                transaction(root),
                number(root, "score"),
                number(root, "threshold"),
                severity(text(root, "severity")),
                text(root, "modelVersion"),
                text(root, "episodeId"),
                number(root, "usualAmount"),
                List.copyOf(reasons),
                number(root, "expectedScore"),
                List.copyOf(attributions),
                counterfactual(root.get("counterfactual")),
                receipt(child(root, "receipt")));
    }

    static Transaction transaction(JsonNode root) {
        try {
            JsonNode fraud = root.get("fraud");
            return new Transaction(
                    text(root, "transactionId"),
                    text(root, "account"),
                    number(root, "amount"),
                    Instant.parse(text(root, "eventTime")).toEpochMilli(),
                    textOrNull(root, "merchant"),
                    textOrNull(root, "device"),
                    textOrNull(root, "network"),
                    textOrNull(root, "currency"),
                    (fraud == null || fraud.isNull()) ? null : fraud.booleanValue());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no alert: eventTime is no time: " + e.getMessage(), e);
        }
    }

    private static Severity severity(String name) {
        for (Severity severity : Severity.values()) {
            if (severity.name().toLowerCase(Locale.ROOT).equals(name)) {
                return severity;
            }
        }
        throw new IllegalArgumentException("no alert: unknown severity " + name);
    }

    private static @Nullable Counterfactual counterfactual(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        return new Counterfactual(
                text(node, "feature"),
                text(node, "words"),
                number(node, "from"),
                number(node, "to"),
                number(node, "score"));
    }

    static Receipt receipt(JsonNode node) {
        JsonNode position = child(node, "position");
        JsonNode context = child(node, "context");
        Map<String, Double> vector = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : child(node, "vector").properties()) {
            vector.put(
                    entry.getKey(),
                    entry.getValue().isNull() ? Double.NaN : entry.getValue().doubleValue());
        }
        return new Receipt(
                new LogPosition(
                        text(position, "generation"),
                        child(position, "partition").intValue(),
                        child(position, "offset").longValue()),
                ContextRef.read(context),
                text(node, "planFingerprint"),
                Collections.unmodifiableMap(vector));
    }

    static JsonNode child(JsonNode node, String name) {
        JsonNode child = node.get(name);
        if (child == null || child.isNull()) {
            throw new IllegalArgumentException("no alert: " + name + " is missing");
        }
        return child;
    }

    static String text(JsonNode node, String name) {
        JsonNode child = child(node, name);
        if (!child.isTextual()) {
            throw new IllegalArgumentException("no alert: " + name + " is no string");
        }
        return child.textValue();
    }

    private static @Nullable String textOrNull(JsonNode node, String name) {
        JsonNode child = node.get(name);
        return (child == null || child.isNull()) ? null : text(node, name);
    }

    /** The number, NaN where it is null. */
    static double number(JsonNode node, String name) {
        JsonNode child = node.get(name);
        if (child == null) {
            throw new IllegalArgumentException("no alert: " + name + " is missing");
        }
        if (!child.isNull() && !child.isNumber()) {
            throw new IllegalArgumentException("no alert: " + name + " is no number");
        }
        return child.isNull() ? Double.NaN : child.doubleValue();
    }
}
