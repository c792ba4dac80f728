package io.outrider.app.bench.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChaosClusterTest {

    @TempDir
    private Path folder;

    @Test
    void aLakeIsGivenTheModelsOfAnotherAndWhichIsInForceButNoCheckpoint() throws IOException {
        List<String> models = List.of(
                "models/transactions/2025-01-31-ab/manifest.json",
                "models/transactions/2025-01-31-ab/model.onnx",
                "models/transactions/stages.json");
        BlobStore cluster = new FolderBlobStore(folder.resolve("lake"));
        BlobStore own = new FolderBlobStore(folder.resolve("lake-undisturbed-1"));
        for (String name : models) {
            cluster.put(name, name.getBytes(UTF_8));
        }
        cluster.put("checkpoints/transactions/0/manifest.json", new byte[] {1});

        ChaosCluster.copyModels(cluster, own);

        assertThat(own.list("").stream().map(BlobStore.Entry::name)).containsExactlyElementsOf(models);
        for (String name : models) {
            assertThat(own.get(name).orElseThrow().content()).asString(UTF_8).isEqualTo(name);
        }
    }
}
