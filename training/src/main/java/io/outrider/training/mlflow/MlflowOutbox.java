package io.outrider.training.mlflow;

import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.typesafe.config.Config;
import io.outrider.core.port.BlobStore;
import io.outrider.training.dataset.DatasetJson;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that MLflow is yet to be told of: {@code tracking/outbox/ID.json} in the lake. A run is put here first, and taken out once the server
 * has all of it; what could not be told stays for the next time. Telling may happen twice and is known by the run's id, so it does no
 * harm. Thread-safe.
 */
public final class MlflowOutbox {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowOutbox.class);
    private static final String FOLDER = "tracking/outbox/";
    private static final String AZURE_SCOPE = "https://management.azure.com/.default";

    private final BlobStore lake;
    private final MlflowTracker tracker;

    private MlflowOutbox(BlobStore lake, MlflowTracker tracker) {
        this.lake = lake;
        this.tracker = tracker;
    }

    /** The outbox of a lake; empty where no server is named. */
    public static Optional<MlflowOutbox> of(Config config, BlobStore lake) {
        return MlflowSettings.from(config)
                .map(settings -> new MlflowOutbox(
                        lake,
                        new MlflowTracker(new MlflowApi(settings, tokens(settings)), settings.experiment(), lake)));
    }

    private static MlflowApi.Tokens tokens(MlflowSettings settings) {
        if (!settings.azureMl() || !settings.token().isEmpty()) {
            return settings::token;
        }
        var credential = new DefaultAzureCredentialBuilder().build();
        return () -> {
            try {
                return credential
                        .getTokenSync(new TokenRequestContext().addScopes(AZURE_SCOPE))
                        .getToken();
            } catch (RuntimeException e) {
                throw new IOException("no Entra token for the Azure ML workspace: " + e.getMessage(), e);
            }
        };
    }

    /** Keeps a run to be told. */
    public void add(TrackedRun run) throws IOException {
        lake.put(FOLDER + run.id() + ".json", DatasetJson.write(run));
    }

    /**
     * Tells what there is to tell, oldest first, until the server fails.
     *
     * @return how many are left, and why
     */
    public Left deliver() throws IOException {
        int left = 0;
        String why = "";
        for (BlobStore.Entry entry : lake.list(FOLDER)) {
            if (left > 0) {
                left++;
                continue;
            }
            Optional<BlobStore.Blob> blob = lake.get(entry.name());
            if (blob.isEmpty()) {
                continue; // another process has told it meanwhile
            }
            TrackedRun run = DatasetJson.read(entry.name(), blob.get().content(), TrackedRun.class);
            try {
                tracker.tell(run);
                lake.delete(entry.name());
            } catch (MlflowTracker.UnsupportedStoreException e) {
                LOG.warn("MLflow has run {} without its model: {}", run.id(), e.getMessage());
                lake.delete(entry.name());
            } catch (IOException e) {
                why = String.valueOf(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
                LOG.warn("MLflow could not be told of run {}; it stays in the outbox: {}", run.id(), why);
                left = 1;
            }
        }
        return new Left(left, why);
    }

    /**
     * What could not be told.
     *
     * @param runs how many
     * @param why empty if none
     */
    public record Left(int runs, String why) {}
}
