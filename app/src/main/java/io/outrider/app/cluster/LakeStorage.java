package io.outrider.app.cluster;

import com.typesafe.config.Config;
import io.outrider.app.command.CommandException;
import io.outrider.app.node.Storage;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.core.rollout.ModelStages;
import io.outrider.lake.azure.AzureBlobSettings;
import io.outrider.lake.azure.AzureBlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.blob.LakeFormat;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The lake that a node works on, and the model it finds there. Opening may be repeated. */
final class LakeStorage implements Storage.Opener {

    /** Opens the bytes. */
    private interface Lake {
        BlobStore open() throws IOException;
    }

    private final Lake lake;
    private final String name;
    private final FeaturePlan plan;
    private final FirstTraining training;

    private LakeStorage(Lake lake, String name, FeaturePlan plan, FirstTraining training) {
        this.lake = lake;
        this.name = name;
        this.plan = plan;
        this.training = training;
    }

    /**
     * The lake of the settings: the folder where one is given, otherwise Azure.
     *
     * @param trainFirst histories to fit a first model on where the lake has none; empty: wait until it has one
     * @throws CommandException if neither is given
     */
    static LakeStorage of(Config config, Optional<Path> folder, FeaturePlan plan, List<Path> trainFirst) {
        FirstTraining training = new FirstTraining(plan, config, trainFirst);
        if (folder.isPresent()) {
            Path path = folder.get();
            return new LakeStorage(() -> new FolderBlobStore(path), path.toString(), plan, training);
        }
        AzureBlobSettings azure = AzureBlobSettings.from(config)
                .orElseThrow(() -> new CommandException("say where the lake is: --lake FOLDER, or Azure by"
                        + " AZURE_STORAGE_ACCOUNT_URL or AZURE_STORAGE_CONNECTION_STRING"));
        AzureBlobStore store = new AzureBlobStore(azure);
        return new LakeStorage(() -> store, "Azure Blob Storage", plan, training);
    }

    String name() {
        return name;
    }

    @Override
    public Storage open() throws IOException {
        BlobStore store = lake.open();
        LakeFormat.check(store);
        ModelFiles models = new ModelFiles(store, plan.name());
        StageFile stages = new StageFile(store, plan.name());
        ModelStages found = stages.readOrBegin(models, Clock.systemUTC()).orElse(null);
        if (found == null) {
            training.train(models);
            found = stages.readOrBegin(models, Clock.systemUTC())
                    .orElseThrow(() -> new IOException("the first model was saved and is not there"));
        }
        return new Storage(store, models, found.context(0));
    }
}
