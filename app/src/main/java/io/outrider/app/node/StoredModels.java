package io.outrider.app.node;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelCatalog;
import io.outrider.core.port.UnavailableException;
import io.outrider.core.rollout.ModelStages;
import io.outrider.lake.model.DamagedModelException;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** The lake's models. Each manifest that is intact is read once, since it never changes; reading blocks a thread that may block. */
final class StoredModels implements ModelCatalog {

    private final ModelFiles files;
    private final StageFile stages;
    private final Executor blocking;
    private final Map<String, ModelManifest> known = new ConcurrentHashMap<>();

    StoredModels(ActorSystem<?> system, BlobStore lake, String plan) {
        this.files = new ModelFiles(lake, plan);
        this.stages = new StageFile(lake, plan);
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public CompletionStage<Listing> models() {
        return read(this::all);
    }

    @Override
    public CompletionStage<Optional<ModelManifest>> model(String version) {
        return read(() -> files.versions().contains(version) ? Optional.of(manifest(version)) : Optional.empty());
    }

    private Listing all() throws IOException {
        Optional<ModelStages> at = stages.read();
        List<Registered> models = new ArrayList<>();
        List<Damaged> damaged = new ArrayList<>();
        for (ModelFiles.Registration one : files.registrations()) {
            String version = one.version();
            try {
                String stage = at.map(all -> all.stageOf(version)).orElse(ModelStages.REGISTERED);
                models.add(new Registered(manifest(version), stage, one.at()));
            } catch (DamagedModelException e) {
                damaged.add(new Damaged(version, e.reason()));
            }
        }
        return new Listing(models, damaged);
    }

    private ModelManifest manifest(String version) throws IOException {
        ModelManifest manifest = known.get(version);
        if (manifest == null) {
            manifest = files.manifest(version);
            known.put(version, manifest);
        }
        return manifest;
    }

    /** A reading of the lake. */
    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> CompletionStage<T> read(Reading<T> reading) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return reading.read();
                    } catch (IOException e) {
                        throw new UnavailableException("the models cannot be read: " + e.getMessage(), e);
                    }
                },
                blocking);
    }
}
