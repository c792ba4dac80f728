package io.outrider.app.node;

import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.BlobStore;
import io.outrider.core.port.ModelCatalog;
import io.outrider.core.port.UnavailableException;
import io.outrider.lake.model.ModelFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** The lake's models. Each manifest is read once, since it never changes; reading blocks a thread that may block. */
final class StoredModels implements ModelCatalog {

    private final ModelFiles files;
    private final Executor blocking;
    private final Map<String, ModelManifest> known = new ConcurrentHashMap<>();

    StoredModels(ActorSystem<?> system, BlobStore lake, String plan) {
        this.files = new ModelFiles(lake, plan);
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public CompletionStage<List<ModelManifest>> models() {
        return read(this::all);
    }

    @Override
    public CompletionStage<Optional<ModelManifest>> model(String version) {
        return read(() -> {
            for (ModelManifest manifest : all()) {
                if (manifest.version().equals(version)) {
                    return Optional.of(manifest);
                }
            }
            return Optional.empty();
        });
    }

    private List<ModelManifest> all() {
        try {
            List<ModelManifest> all = new ArrayList<>();
            for (String version : files.versions()) {
                ModelManifest manifest = known.get(version);
                if (manifest == null) {
                    manifest = files.manifest(version);
                    known.put(version, manifest);
                }
                all.add(manifest);
            }
            return all;
        } catch (IOException e) {
            throw new UnavailableException("the models cannot be read: " + e.getMessage(), e);
        }
    }

    private <T> CompletionStage<T> read(Supplier<T> reading) {
        return CompletableFuture.supplyAsync(reading, blocking);
    }
}
