package io.outrider.app.bench.chaos;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.azure.AzureBlobSettings;
import io.outrider.lake.azure.AzureBlobStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The blob server that stands for Azure's. */
final class Azurite {

    /** Azurite's published account and key; no secret. */
    private static final String ACCOUNT = "devstoreaccount1";

    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /** The containers of a lake that nodes write to. */
    private static final List<String> CONTAINERS = List.of("checkpoints/", "models/");

    private Azurite() {}

    static String connectionString(int port) {
        return "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + KEY
                + ";BlobEndpoint=http://127.0.0.1:" + port + "/" + ACCOUNT + ";";
    }

    /** The lake, without links before it. */
    static BlobStore store(int port) {
        return new AzureBlobStore(AzureBlobSettings.from(
                        ConfigFactory.parseMap(Map.of("outrider.lake.azure.connection-string", connectionString(port)))
                                .withFallback(ConfigFactory.load()))
                .orElseThrow());
    }

    /** Deletes the lake that an earlier run has left. */
    static void empty(int port) throws IOException {
        BlobStore store = store(port);
        for (String container : CONTAINERS) {
            for (BlobStore.Entry blob : store.list(container)) {
                store.delete(blob.name());
            }
        }
    }
}
