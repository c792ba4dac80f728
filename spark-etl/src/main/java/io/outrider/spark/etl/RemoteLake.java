package io.outrider.spark.etl;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.azure.AzureBlobSettings;
import io.outrider.lake.azure.AzureBlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.pseudonym.PseudonymSettings;
import io.outrider.training.etl.EtlRequest;
import io.outrider.training.etl.EtlRisk;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the lake is and what of it is to become a dataset, as the driver tells the tasks. What opens it (Azure's account, an
 * identity) and the key of accounts' pseudonyms come from each machine's own environment.
 *
 * @param folder null for Azure's
 * @param log the raw log
 * @param labelDelay how long after its event a label is known, where the events' own truth is taken; null where not
 */
record RemoteLake(
        @Nullable String folder,
        Log log,
        String dataset,
        String plan,
        @Nullable String generation,
        boolean acceptGaps,
        boolean acceptMissingRisk,
        @Nullable Duration labelDelay)
        implements Serializable {

    /** Names of the raw log, and how accounts lie in it. */
    record Log(String container, String namespace, String topic, String labels, int partitions, String partitioner)
            implements Serializable {}

    BlobStore open() throws IOException {
        if (folder != null) {
            Path path = Path.of(folder);
            if (!Files.isDirectory(path)) {
                throw new IOException(folder + " is no lake");
            }
            return new FolderBlobStore(path);
        }
        Config config = ConfigFactory.load();
        return new AzureBlobStore(AzureBlobSettings.from(config)
                .orElseThrow(() -> new IOException("say where the lake is: --lake FOLDER, or Azure by"
                        + " AZURE_STORAGE_ACCOUNT_URL or AZURE_STORAGE_CONNECTION_STRING on every machine")));
    }

    EtlRequest request(BlobStore lake) {
        EtlRisk risk = labelDelay == null
                ? new EtlRisk.InForce(log.topic(), capture(lake, log.labels()), acceptMissingRisk)
                : new EtlRisk.Declared(
                        labelDelay, TrainingSettings.read(ConfigFactory.load()).ledgerEntries());
        return new EtlRequest(
                dataset,
                capture(lake, log.topic()),
                log.partitions(),
                log.partitioner(),
                FeaturePlan.named(plan),
                Optional.ofNullable(generation),
                acceptGaps,
                risk,
                Path.of(System.getProperty("java.io.tmpdir")),
                PseudonymSettings.key(ConfigFactory.load()));
    }

    private CaptureFiles capture(BlobStore lake, String topic) {
        return new CaptureFiles(lake, log.container(), log.namespace(), topic);
    }
}
