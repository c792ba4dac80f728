package io.outrider.training.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings that decide what a training run makes of a dataset, as text by key: what a model's lineage keeps. */
final class TrainingParameters {

    /** Not in the lineage of models from before they were there, whose slices no number of days bounded. */
    private static final List<String> DAYS =
            List.of("outrider.training.run.test-days", "outrider.training.run.calibration-days");

    private TrainingParameters() {}

    private static final List<String> OF_TRAINING = List.of(
            "outrider.training.sample",
            "outrider.training.boosting",
            "outrider.training.unknown-compromise",
            "outrider.training.run",
            "outrider.alert");

    /** All of them, of the whole configuration. */
    static Map<String, String> of(Config config, String plan) {
        Map<String, String> parameters = new TreeMap<>();
        List<String> paths = new ArrayList<>(OF_TRAINING);
        paths.add(ConfigUtil.joinPath("outrider", "model", "recipes", plan));
        for (String path : paths) {
            config.getConfig(path)
                    .entrySet()
                    .forEach(entry -> parameters.put(
                            path + "." + entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise())));
        }
        return parameters;
    }

    /** A configuration with these settings as they were, and all others as they are. */
    static Config restore(Map<String, String> parameters, Config current) {
        StringBuilder text = new StringBuilder();
        parameters.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        DAYS.stream()
                .filter(key -> !parameters.containsKey(key))
                .forEach(key -> text.append(key).append(" = null\n")); // absent from the model made again as well
        return ConfigFactory.parseString(text.toString()).withFallback(current);
    }
}
