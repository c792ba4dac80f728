package io.outrider.app.train;

import io.outrider.core.model.Lineage;
import io.outrider.core.model.ModelManifest;
import io.outrider.training.evaluation.JsonText;
import io.outrider.training.run.Reproduction;
import io.outrider.training.run.TrainedModel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Trained and registered models in words and in JSON. */
final class TrainText {

    private static final List<String> TOLD = List.of(
            "auc",
            "average_precision",
            "card_precision_100",
            "best_f1",
            "precision_at_threshold",
            "recall_at_threshold",
            "f1_at_threshold",
            "alert_rate");

    private TrainText() {}

    static String report(TrainedModel trained) {
        StringBuilder text = new StringBuilder();
        ModelManifest model = trained.model().manifest();
        line(text, "model      %s, %s", model.version(), trained.kind().name().toLowerCase(Locale.ROOT));
        line(text, "fitted on  %s to %s, tested on what is later", trained.fitFrom(), trained.testFrom());
        metrics(text, model);
        trained.notes().forEach(note -> line(text, "note       %s", note));
        return text.toString().stripTrailing();
    }

    /** A registered model in full. */
    static String report(ModelManifest model, String stage, Instant registeredAt) {
        StringBuilder text = new StringBuilder();
        line(text, "model      %s", model.version());
        line(text, "stage      %s, registered %s", stage, registeredAt);
        line(text, "plan       %s %s", model.plan().name(), model.plan().fingerprint());
        model.ensembles()
                .forEach(trees -> line(text, "trees      %s on %s", trees.name(), String.join(", ", trees.features())));
        if (!model.evidence().isEmpty()) {
            line(
                    text,
                    "evidence   %s",
                    String.join(
                            ", ",
                            model.evidence().stream()
                                    .map(ModelManifest.Piece::feature)
                                    .toList()));
        }
        line(text, "threshold  %.6f", model.threshold());
        line(
                text,
                "data       %s to %s, %,d rows, seed %d, code %s",
                model.origin().dataFrom(),
                model.origin().dataTo(),
                model.origin().rows(),
                model.origin().seed(),
                model.origin().codeVersion());
        Lineage lineage = model.lineage();
        if (lineage != null) {
            line(
                    text,
                    "dataset    %s:%d, %,d files",
                    lineage.dataset().name(),
                    lineage.dataset().version(),
                    lineage.dataset().files().size());
            line(text, "parents    %s", lineage.parents().isEmpty() ? "none" : String.join(", ", lineage.parents()));
        }
        metrics(text, model);
        return text.toString().stripTrailing();
    }

    /** One line for a list. */
    static String line(ModelManifest model, String stage, Instant registeredAt) {
        Lineage lineage = model.lineage();
        Double precision = model.metrics().get("average_precision");
        return String.format(
                Locale.ROOT,
                "%s  %-10s  registered %s  %s  %,d rows  %s  average precision %s",
                model.version(),
                stage,
                registeredAt.truncatedTo(ChronoUnit.SECONDS),
                model.ensembles().isEmpty()
                        ? "no trees"
                        : model.ensembles().get(0).name(),
                model.origin().rows(),
                lineage == null
                        ? "no dataset"
                        : lineage.dataset().name() + ":" + lineage.dataset().version(),
                precision == null ? "not measured" : String.format(Locale.ROOT, "%.4f", precision));
    }

    static String json(TrainedModel trained) {
        return JsonText.object(json -> {
            json.writeStringField("modelVersion", trained.model().manifest().version());
            json.writeStringField("kind", trained.kind().name().toLowerCase(Locale.ROOT));
            json.writeStringField("fitFrom", trained.fitFrom().toString());
            json.writeStringField("testFrom", trained.testFrom().toString());
            json.writeObjectFieldStart("metrics");
            for (Map.Entry<String, Double> metric :
                    trained.model().manifest().metrics().entrySet()) {
                JsonText.number(json, metric.getKey(), metric.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("notes");
            for (String note : trained.notes()) {
                json.writeString(note);
            }
            json.writeEndArray();
        });
    }

    static String json(Reproduction.Outcome outcome) {
        return JsonText.object(json -> {
            json.writeStringField("modelVersion", outcome.version());
            json.writeBooleanField("same", outcome.same());
        });
    }

    static String refusal(List<String> reasons) {
        return JsonText.object(json -> {
            json.writeArrayFieldStart("refused");
            for (String reason : reasons) {
                json.writeString(reason);
            }
            json.writeEndArray();
        });
    }

    private static void metrics(StringBuilder text, ModelManifest model) {
        Map<String, Double> metrics = model.metrics();
        for (String name : TOLD) {
            Double value = metrics.get(name);
            if (value != null) {
                line(text, "%-24s %.4f%s", name.replace('_', ' '), value, interval(metrics, name));
            }
        }
        metrics.forEach((name, value) -> {
            if (name.startsWith("baseline.") && name.endsWith(".average_precision")) {
                String baseline = name.substring("baseline.".length(), name.indexOf('.', "baseline.".length()));
                line(text, "%-24s %.4f%s", "  " + baseline, value, interval(metrics, name));
            }
        });
        metrics.forEach((name, value) -> {
            if (name.startsWith("scenario.") && name.endsWith(".recall_at_threshold")) {
                String scenario = name.substring("scenario.".length(), name.lastIndexOf('.'));
                line(text, "%-24s %.4f%s", "  recall of " + scenario, value, interval(metrics, name));
            }
        });
    }

    private static String interval(Map<String, Double> metrics, String name) {
        Double low = metrics.get(name + ".low");
        Double high = metrics.get(name + ".high");
        return low == null || high == null ? "" : String.format(Locale.ROOT, "  (%.4f to %.4f)", low, high);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
