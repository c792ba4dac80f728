package io.outrider.app.etl;

import com.typesafe.config.Config;
import io.outrider.app.command.CommandException;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.azure.AzureBlobSettings;
import io.outrider.lake.azure.AzureBlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.blob.LakeFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which lake. Working on it does not disturb an Outrider that runs on it. */
public final class LakeChoice {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Data directory of a local Outrider, running or not.")
    private @Nullable Path dataDir;

    @Option(names = "--lake", paramLabel = "FOLDER", description = "Folder that is the lake (default: Azure's).")
    private @Nullable Path lake;

    /** Of a folder, or, where there is none, of Azure. */
    public static LakeChoice at(@Nullable Path folder) {
        LakeChoice choice = new LakeChoice();
        choice.lake = folder;
        return choice;
    }

    /** The lake that was chosen. */
    public BlobStore open(Config config) throws IOException {
        BlobStore store = store(config);
        LakeFormat.check(store);
        return store;
    }

    private BlobStore store(Config config) throws IOException {
        Path folder = dataDir == null ? lake : dataDir.resolve("lake");
        if (folder == null) {
            return new AzureBlobStore(AzureBlobSettings.from(config)
                    .orElseThrow(() -> new CommandException("say where the lake is: --data-dir DIR, --lake FOLDER, or"
                            + " Azure by AZURE_STORAGE_ACCOUNT_URL or AZURE_STORAGE_CONNECTION_STRING")));
        }
        if (!Files.isDirectory(folder)) {
            throw new CommandException(folder + " is no lake");
        }
        return new FolderBlobStore(folder);
    }
}
