package io.outrider.training.evaluation;

import java.util.Map;

/** Evaluation results as JSON, for scripts. Keys stay as they are; more may come. */
public final class EvaluationJson {

    private EvaluationJson() {}

    /** One object, indented. */
    public static String of(EvaluationResult result) {
        return JsonText.object(json -> {
            json.writeStringField("model", result.supervised() ? "supervised" : "forest");
            json.writeStringField("modelVersion", result.model().manifest().version());
            JsonText.number(json, "auc", result.auc());
            JsonText.number(json, "averagePrecision", result.averagePrecision());
            JsonText.number(json, "cardPrecision100", result.cardPrecision100());
            JsonText.number(json, "bestF1", result.bestF1());
            json.writeObjectFieldStart("atThreshold");
            JsonText.number(json, "precision", result.atThreshold().precision());
            JsonText.number(json, "recall", result.atThreshold().recall());
            JsonText.number(json, "f1", result.atThreshold().f1());
            JsonText.number(json, "alertRate", result.atThreshold().alertRate());
            json.writeEndObject();
            json.writeObjectFieldStart("recallAtOnePercent");
            for (Map.Entry<Integer, Double> scenario :
                    result.recallAtOnePercent().entrySet()) {
                JsonText.number(json, String.valueOf(scenario.getKey()), scenario.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("rows", result.rows());
            json.writeNumberField("frauds", result.frauds());
            json.writeNumberField("unlabelled", result.unlabelled());
            json.writeNumberField("trainingRows", result.run().trainingRows());
            json.writeNumberField("events", result.run().events());
            json.writeNumberField("rejected", result.run().rejected().rows());
            json.writeArrayFieldStart("rejectedExamples");
            for (String example : result.run().rejected().examples()) {
                json.writeString(example);
            }
            json.writeEndArray();
            JsonText.number(json, "seconds", result.run().seconds());
            JsonText.number(json, "fitSeconds", result.run().fitSeconds());
            JsonText.number(json, "eventsPerSecond", result.run().eventsPerSecond());
        });
    }
}
