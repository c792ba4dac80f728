package io.outrider.app.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rollout for people. */
final class RolloutText {

    private static final int ENTRIES = 5;

    private RolloutText() {}

    static String of(JsonNode rollout) {
        StringBuilder text = new StringBuilder();
        rate(text, "champion", rollout.path("champion"));
        rate(text, "canary", rollout.path("canary"));
        gate(text, rollout.path("canary").path("gate"));
        challenger(text, rollout.path("challenger"));
        newestFirst(text, "former", rollout.path("former"));
        newestFirst(text, "archived", rollout.path("archived"));
        text.append("promotion   ").append(rollout.path("promotion").asText()).append('\n');
        int shown = 0;
        for (JsonNode entry : rollout.path("audit")) {
            if (shown++ < ENTRIES) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-11s %s  %s %s, by %s: %s%n",
                        shown == 1 ? "audit" : "",
                        entry.path("at").asText(),
                        entry.path("action").asText(),
                        entry.path("modelVersion").asText(),
                        entry.path("by").asText(),
                        entry.path("reason").asText()));
            }
        }
        return text.toString().stripTrailing();
    }

    private static void rate(StringBuilder text, String stage, JsonNode rate) {
        if (!rate.isObject()) {
            return;
        }
        JsonNode predicted = rate.path("predictedAlerts");
        text.append(String.format(
                Locale.ROOT,
                "%-11s %s%s: %,d alerts on %,d transactions, predicted %,d to %,d%n",
                stage,
                rate.path("modelVersion").asText(),
                rate.has("share")
                        ? String.format(
                                Locale.ROOT,
                                ", %.3g%% of the accounts",
                                100 * rate.path("share").asDouble())
                        : "",
                rate.path("alerts").asLong(),
                rate.path("events").asLong(),
                predicted.path("low").asLong(),
                predicted.path("high").asLong()));
    }

    private static void challenger(StringBuilder text, JsonNode challenger) {
        if (!challenger.isObject()) {
            return;
        }
        JsonNode shadow = challenger.path("shadow");
        text.append(String.format(
                Locale.ROOT,
                "%-11s %s: %,d transactions scored beside it; alerts: %,d of both, %,d of its own, %,d missed;"
                        + " rank correlation %.3f%n",
                "challenger",
                challenger.path("modelVersion").asText(),
                shadow.path("events").asLong(),
                shadow.path("alertsOfBoth").asLong(),
                shadow.path("alertsOfChallengerOnly").asLong(),
                shadow.path("alertsOfDecidingOnly").asLong(),
                shadow.path("rankCorrelation").asDouble(Double.NaN)));
        JsonNode labels = challenger.path("labels");
        if (labels.isObject()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-11s of %,d since %s: precision %s, the champion's %s%n",
                    "labels",
                    labels.path("labelled").asLong(),
                    labels.path("since").asText(),
                    precision(labels.path("challenger")),
                    precision(labels.path("champion"))));
        }
        gate(text, challenger.path("gate"));
    }

    private static void gate(StringBuilder text, JsonNode gate) {
        if (!gate.isObject()) {
            return;
        }
        text.append(String.format("%-11s %s%n", "gate", gate.path("passed").asBoolean() ? "passed" : "not passed"));
        gate.path("reasons")
                .forEach(reason ->
                        text.append("            ").append(reason.asText()).append('\n'));
    }

    private static void newestFirst(StringBuilder text, String stage, JsonNode versions) {
        List<String> shown = new ArrayList<>();
        for (int i = versions.size() - 1; i >= 0 && shown.size() < ENTRIES; i--) {
            shown.add(versions.get(i).asText());
        }
        int more = versions.size() - shown.size();
        if (!shown.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-11s %s%s%n",
                    stage,
                    String.join(", ", shown),
                    more > 0 ? " and " + more + " before" : ""));
        }
    }

    private static String precision(JsonNode hits) {
        return hits.path("alerts").asLong() == 0
                ? "unknown (no labelled alert)"
                : String.format(
                        Locale.ROOT,
                        "%.3f (%.3f to %.3f, %d alerts)",
                        hits.path("precision").asDouble(),
                        hits.path("low").asDouble(),
                        hits.path("high").asDouble(),
                        hits.path("alerts").asLong());
    }
}
