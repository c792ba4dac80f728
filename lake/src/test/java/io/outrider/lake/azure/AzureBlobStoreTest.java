package io.outrider.lake.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobClientBuilder;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.BlobStoreContract;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("azurite")
final class AzureBlobStoreTest extends BlobStoreContract {

    private static final AzureBlobStore STORE = new AzureBlobStore(Azurite.settings(Azurite.url()));

    @Override
    protected BlobStore store() {
        return STORE;
    }

    @Test
    void conditionsHoldForBlobsOfSeveralBlocksToo() throws IOException {
        byte[] large = new byte[(5 << 20) + 3];
        String first = STORE.putIfAbsent(folder + "/large", large).orElseThrow();

        assertThat(STORE.putIfAbsent(folder + "/large", large)).isEmpty();
        large[4 << 20] = 1;
        String second = STORE.putIfMatch(folder + "/large", large, first).orElseThrow();
        assertThat(STORE.putIfMatch(folder + "/large", new byte[3 << 20], first))
                .isEmpty();

        BlobStore.Blob blob = STORE.get(folder + "/large").orElseThrow();
        assertThat(blob.etag()).isEqualTo(second);
        assertThat(blob.content()).isEqualTo(large);
    }

    /** Their blocks are refused side by side, as the container is not there yet. */
    @RepeatedTest(10)
    void theFirstBlobOfAContainerMayBeOfSeveralBlocks() throws IOException {
        byte[] large = new byte[9 << 20];

        assertThat(STORE.putIfAbsent(folder + "/large", large)).isPresent();

        assertThat(STORE.get(folder + "/large").orElseThrow().content()).isEqualTo(large);
    }

    @Test
    void directoriesOfAHierarchicalNamespaceAreNoBlobs() throws IOException {
        STORE.put(folder + "/t/0/manifest.json", bytes("{}"));
        BlobClient directory = new BlobClientBuilder()
                .connectionString(Azurite.connectionString(Azurite.url()))
                .containerName(folder)
                .blobName("t/0")
                .buildClient();
        directory.uploadWithResponse(
                new BlobParallelUploadOptions(BinaryData.fromBytes(new byte[0]))
                        .setMetadata(Map.of("hdi_isfolder", "true")),
                null,
                null);

        assertThat(names(folder + "/t/")).containsExactly(folder + "/t/0/manifest.json");
        assertThat(STORE.get(folder + "/t/0")).isEmpty();
    }

    @Test
    void anInterruptEndsACallAndIsKept() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> STORE.put(folder + "/a", bytes("x"))).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
