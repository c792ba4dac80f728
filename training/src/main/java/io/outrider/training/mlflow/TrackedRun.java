package io.outrider.training.mlflow;

import java.util.List;
import java.util.Map;

/**
 * A training run to be told of, as it lies in the outbox.
 *
 * @param id its own, by which it is told only once
 * @param plan the feature plan
 * @param modelVersion the model that was registered; empty if none was
 * @param refused why none was, one sentence each
 * @param startedMs milliseconds since the epoch
 * @param endedMs milliseconds since the epoch
 * @param parameters by key
 * @param metrics by name
 * @param dataset what it was trained on
 * @param tags what else there is to say, by key; none in files of before there were any
 */
public record TrackedRun(
        String id,
        String plan,
        String modelVersion,
        List<String> refused,
        long startedMs,
        long endedMs,
        Map<String, String> parameters,
        Map<String, Double> metrics,
        Dataset dataset,
        Map<String, String> tags) {

    /**
     * A version of a dataset.
     *
     * @param digest names the content
     */
    public record Dataset(String name, int version, String digest, long rows) {}
}
