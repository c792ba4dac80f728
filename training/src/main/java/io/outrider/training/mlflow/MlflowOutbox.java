package io.outrider.training.mlflow;

import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.typesafe.config.Config;
import io.outrider.core.port.BlobStore;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.core.trace.Tracing;
import io.outrider.training.dataset.DatasetJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that MLflow is yet to be told of: {@code tracking/outbox/ID.json} in the lake. A run is put here first, and taken out once the server
 * has all of it; what could not be told stays for the next time. Telling may happen twice and is known by the run's id, so it does no
 * harm. What the server refuses for good is set aside, as {@code tracking/refused/ID.json} and beside it, in {@code ID.txt}, the reason, so
 * that those behind it are told; moved back into the outbox it is tried again. Thread-safe.
 */
public final class MlflowOutbox {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowOutbox.class);
    private static final String FOLDER = "tracking/outbox/";
    private static final String REFUSED = "tracking/refused/";
    private static final String ENDING = ".json";

    private final BlobStore lake;
    private final MlflowTracker tracker;
    private final LiveMetrics metrics;

    MlflowOutbox(BlobStore lake, MlflowTracker tracker, LiveMetrics metrics) {
        this.lake = lake;
        this.tracker = tracker;
        this.metrics = metrics;
    }

    /** The outbox of a lake; empty where no server is named. */
    public static Optional<MlflowOutbox> of(Config config, BlobStore lake, LiveMetrics metrics, Tracing tracing) {
        return MlflowSettings.from(config).map(settings -> {
            TrackingHttp.Tokens tokens = tokens(settings);
            MlflowTracker tracker = new MlflowTracker(
                    new MlflowApi(settings, tokens, tracing),
                    settings.experiment(),
                    lake,
                    settings.workspace().map(to -> new WorkspaceModels(to, settings.timeout(), tokens, tracing, lake)));
            return new MlflowOutbox(lake, tracker, metrics);
        });
    }

    private static TrackingHttp.Tokens tokens(MlflowSettings settings) {
        if (!settings.azureMl() || !settings.token().isEmpty()) {
            return settings::token;
        }
        String scope = settings.azure().resourceManager() + "/.default";
        var credential = new DefaultAzureCredentialBuilder().build();
        return () -> {
            try {
                return credential
                        .getTokenSync(new TokenRequestContext().addScopes(scope))
                        .getToken();
            } catch (RuntimeException e) {
                throw new IOException("no Entra token for the Azure ML workspace: " + e.getMessage(), e);
            }
        };
    }

    /** Keeps a run to be told. */
    public void add(TrackedRun run) throws IOException {
        lake.put(FOLDER + run.id() + ENDING, DatasetJson.write(run));
    }

    /**
     * Tells what there is to tell, oldest first, until the server fails.
     *
     * @return how many are left, and why
     */
    public Left deliver() throws IOException {
        return deliverBefore(Long.MAX_VALUE);
    }

    /** Tells in the same way, but only of those that were put here before a time, milliseconds since the epoch. */
    public Left deliverBefore(long beforeMs) throws IOException {
        List<BlobStore.Entry> waiting = lake.list(FOLDER).stream()
                .filter(entry -> entry.lastModifiedMs() < beforeMs)
                .toList();
        for (int i = 0; i < waiting.size(); i++) {
            String name = waiting.get(i).name();
            Optional<BlobStore.Blob> blob = lake.get(name);
            if (blob.isEmpty()) {
                continue; // another process has told it meanwhile
            }
            try {
                tell(name, blob.get().content());
            } catch (IOException | RuntimeException e) {
                String why = why(e);
                LOG.warn("MLflow could not be told of {}; it stays in the outbox: {}", name, why);
                return new Left(waiting.size() - i, why);
            }
        }
        return new Left(0, "");
    }

    /** Of what nobody expected only the kind and the place: its words may have an address or a token in them. */
    public static String why(Exception e) {
        String message = e instanceof IOException ? e.getMessage() : null;
        if (message != null) {
            return message;
        }
        StackTraceElement[] at = e.getStackTrace();
        return e.getClass().getSimpleName() + (at.length == 0 ? "" : " at " + at[0]);
    }

    private void tell(String name, byte[] content) throws IOException {
        TrackedRun run;
        try {
            run = DatasetJson.read(name, content, TrackedRun.class, Map.of("tags", Map.of()));
        } catch (IOException e) {
            setAside(name, content, String.valueOf(e.getMessage()));
            return;
        }
        try {
            tracker.tell(run);
            lake.delete(name);
        } catch (MlflowTracker.UnsupportedStoreException e) {
            LOG.warn("MLflow has run {} without its model: {}", run.id(), e.getMessage());
            lake.delete(name);
        } catch (TrackingHttp.RefusedException e) {
            setAside(name, content, String.valueOf(e.getMessage()));
        }
    }

    /** A crash between these writes leaves it in both places, and the next time sets it aside once more. */
    private void setAside(String name, byte[] content, String why) throws IOException {
        String id = name.substring(FOLDER.length(), name.length() - ENDING.length());
        lake.put(REFUSED + id + ".txt", why.getBytes(StandardCharsets.UTF_8));
        lake.put(REFUSED + id + ENDING, content);
        lake.delete(name);
        metrics.trackingRefused.increment();
        LOG.error("Run {} will not be in MLflow, and was set aside under {}: {}", id, REFUSED, why);
    }

    /**
     * What could not be told.
     *
     * @param runs how many
     * @param why empty if none
     */
    public record Left(int runs, String why) {}
}
