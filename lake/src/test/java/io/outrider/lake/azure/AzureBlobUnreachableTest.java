package io.outrider.lake.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of the store without a blob server. */
final class AzureBlobUnreachableTest {

    private static final String NAME = "checkpoints/t/0/manifest.json";
    private static final String SECRET = "c2VjcmV0";

    @Test
    void aServerThatIsNotThereIsAnErrorThatNamesIt() throws IOException {
        URI nowhere = nowhere();
        AzureBlobStore store = new AzureBlobStore(Azurite.settings(nowhere));

        assertThatThrownBy(() -> store.get(NAME))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("could not read " + NAME + " at " + nowhere)
                .hasMessageContaining("ConnectException");
        assertThatThrownBy(() -> store.list("checkpoints/t/")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.delete(NAME)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.put(NAME, new byte[1])).isInstanceOf(IOException.class);
        assertThat(store.retries()).as("each of them three times").isEqualTo(8);
    }

    @Test
    void errorsDoNotShowASignature() throws IOException {
        AzureBlobStore store = new AzureBlobStore(
                settings(nowhere() + "/devstoreaccount1?sv=2025-01-05&sp=rwdlc&sig=" + SECRET, null));

        Throwable error = catchThrowable(() -> store.get(NAME));

        StringWriter everything = new StringWriter();
        error.printStackTrace(new PrintWriter(everything));
        assertThat(everything.toString()).contains("could not read").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccountKey=" + SECRET, SECRET})
    void whatIsNoConnectionStringIsRefusedByTheNameOfItsKey(String connectionString) {
        assertThatThrownBy(() -> new AzureBlobStore(settings(null, connectionString)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.lake.azure.connection-string")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    @Test
    void opensWithoutAskingTheAccount() {
        String url = "https://outrider.blob.core.windows.net";

        assertThatCode(() -> new AzureBlobStore(settings(url, null))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"name", "no/container", "Upper/a", "two--hyphens/a", "-hyphen/a", "models/a.", "models/a\nb"})
    void refusesNamesThatTheServiceWouldRefuseOrChange(String name) throws IOException {
        AzureBlobStore store = new AzureBlobStore(Azurite.settings(nowhere()));

        assertThatThrownBy(() -> store.get(name)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A port of this machine on which nothing listens. */
    private static URI nowhere() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    private static AzureBlobSettings settings(@Nullable String accountUrl, @Nullable String connectionString) {
        return new AzureBlobSettings(
                accountUrl,
                connectionString,
                new AzureBlobSettings.Retry(2, Duration.ofMillis(1), Duration.ofMillis(1)),
                new AzureBlobSettings.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5)),
                1 << 20,
                5000);
    }
}
