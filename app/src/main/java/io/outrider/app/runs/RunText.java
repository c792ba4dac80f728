package io.outrider.app.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs in words. */
final class RunText {

    private RunText() {}

    /** One line: what, since when, how far or how it ended. */
    static String line(JsonNode run) {
        return String.format(
                Locale.ROOT,
                "%-14s %-10s %-9s %s  %s",
                text(run, "id"),
                text(run, "state"),
                text(run, "cause"),
                text(run, "requestedAt"),
                news(run));
    }

    /** How far it is, or how it ended. */
    static String news(JsonNode run) {
        if (!run.path("summary").isMissingNode() && !run.path("summary").isNull()) {
            return text(run, "summary");
        }
        List<String> news = new ArrayList<>();
        if (text(run, "state").equals("running")) {
            JsonNode progress = run.path("progress");
            news.add(String.format(
                    Locale.ROOT, "%3.0f %% %s", 100 * progress.path("fraction").asDouble(), text(progress, "message")));
            for (Map.Entry<String, JsonNode> counter : progress.path("counters").properties()) {
                news.add(String.format(
                        Locale.ROOT,
                        "%s %,d",
                        counter.getKey(),
                        counter.getValue().asLong()));
            }
        }
        if (!text(run, "stopping").isEmpty()) {
            news.add("stopping: " + text(run, "stopping"));
        }
        if (!text(run, "nextAttemptAt").isEmpty()) {
            news.add("next attempt at " + text(run, "nextAttemptAt"));
        }
        return String.join(", ", news);
    }

    /** All of it, a line for each thing. */
    static String full(JsonNode run) {
        StringBuilder text = new StringBuilder(line(run)).append('\n');
        for (String field : List.of("reason", "scheduledFor", "startedAt", "endedAt", "attempt", "node", "outcome")) {
            if (!text(run, field).isEmpty()) {
                row(text, field, text(run, field));
            }
        }
        run.path("parameters")
                .properties()
                .forEach(one ->
                        row(text, "parameter " + one.getKey(), one.getValue().asText()));
        run.path("results")
                .properties()
                .forEach(one -> row(text, one.getKey(), one.getValue().asText()));
        run.path("setbacks").forEach(setback -> row(text, "setback", setback.asText()));
        return text.toString().stripTrailing();
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-20s %s%n", name, value));
    }

    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNull() || value.isMissingNode() ? "" : value.asText();
    }
}
