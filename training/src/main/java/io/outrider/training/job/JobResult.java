package io.outrider.training.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a job has made.
 *
 * @param nothingNew whether there was nothing to do
 * @param summary one sentence
 * @param results what others may want to go on with, by name
 */
public record JobResult(boolean nothingNew, String summary, Map<String, String> results) {

    public JobResult {
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }

    public static JobResult done(String summary, Map<String, String> results) {
        return new JobResult(false, summary, results);
    }

    public static JobResult nothingNew(String summary) {
        return new JobResult(true, summary, Map.of());
    }
}
