package io.outrider.lake.azure;

import java.net.URI;
import java.time.Duration;

/** The blob server that these tests need, and settings to reach it. */
final class Azurite {

    /** Azurite's published account name and key; no secret. */
    private static final String ACCOUNT = "devstoreaccount1";

    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private Azurite() {}

    /** Where it listens, as {@code .ci/azurite} tells: {@code http://127.0.0.1:PORT}. */
    static URI url() {
        String url = System.getenv("OUTRIDER_TEST_AZURITE");
        if (url == null) {
            throw new IllegalStateException("OUTRIDER_TEST_AZURITE is not set: run .ci/azurite");
        }
        return URI.create(url);
    }

    static String connectionString(URI url) {
        return "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + KEY + ";BlobEndpoint=" + url
                + "/" + ACCOUNT + ";";
    }

    /** Small blocks and pages, so that several are needed; short waits. */
    static AzureBlobSettings settings(URI url) {
        return new AzureBlobSettings(
                null,
                connectionString(url),
                new AzureBlobSettings.Retry(3, Duration.ofMillis(1), Duration.ofMillis(4)),
                new AzureBlobSettings.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10)),
                1 << 20,
                2);
    }
}
