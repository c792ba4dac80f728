package io.outrider.lake.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.outrider.core.backtest.BacktestResult;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.BlobStore.Blob;
import io.outrider.core.rollout.BacktestEvidence;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What backtests have found for the gate: {@link BacktestEvidence} as JSON in the model's own folder, {@code
 * models/<plan>/<version>/against-<other version>.json}, which goes with the model. Unknown fields are ignored. Calls block.
 * Thread-safe.
 */
public final class BacktestFiles {

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final BlobStore lake;
    private final String prefix;

    /** Those of the models of the plan of the given name. */
    public BacktestFiles(BlobStore lake, String plan) {
        this.lake = lake;
        this.prefix = "models/" + plan + "/";
    }

    /**
     * Keeps what a backtest says of later data, if it does, and none before has seen more days of it.
     *
     * @param fittedUntil last event time of what its model was fitted on
     */
    public void keep(BacktestResult found, Instant fittedUntil) throws IOException {
        Optional<BacktestEvidence> evidence = BacktestEvidence.of(found, fittedUntil);
        if (evidence.isEmpty()) {
            return;
        }
        int known = find(found.modelVersion(), found.againstVersion())
                .map(BacktestEvidence::days)
                .orElse(0);
        if (evidence.get().days() >= known) {
            try {
                lake.put(name(found.modelVersion(), found.againstVersion()), JSON.writeValueAsBytes(evidence.get()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("numbers and texts are always writable", e);
            }
        }
    }

    /** What is known of a model against another; empty if no backtest has told. */
    public Optional<BacktestEvidence> find(String version, String against) throws IOException {
        String name = name(version, against);
        Optional<Blob> found = lake.get(name);
        try {
            return found.isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(found.get().content(), BacktestEvidence.class));
        } catch (JsonProcessingException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private String name(String version, String against) {
        return prefix + version + "/against-" + against + ".json";
    }
}
