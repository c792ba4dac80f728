package io.outrider.lake.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a call when the way to the blob server is bad. {@code direct} goes around the faults: it sees what is
 * there, and plays the other process.
 */
@Tag("azurite")
final class AzureBlobFaultsTest {

    private final String name = "faults-" + UUID.randomUUID().toString().substring(0, 13) + "/t/0/manifest.json";
    private final AzureBlobStore direct = new AzureBlobStore(Azurite.settings(Azurite.url()));
    private FaultProxy proxy;
    private AzureBlobStore store;

    AzureBlobFaultsTest() throws IOException {
        proxy = new FaultProxy(Azurite.url());
        store = new AzureBlobStore(Azurite.settings(proxy.url()));
    }

    @BeforeEach
    void writeFirstVersion() throws IOException {
        direct.put(name, bytes("first"));
    }

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    @Test
    void aBusyServiceIsAskedAgain() throws IOException {
        proxy.next("PUT", proxy.busy());
        proxy.next("PUT", proxy.busy());
        proxy.next("GET", proxy.busy());
        proxy.next("DELETE", proxy.busy());

        String etag = store.put(name, bytes("second"));

        assertThat(store.get(name).orElseThrow().etag()).isEqualTo(etag);
        store.delete(name);
        assertThat(direct.get(name)).isEmpty();
        assertThat(store.retries()).isEqualTo(4);
    }

    @Test
    void aServiceThatStaysBusyIsAnError() throws IOException {
        for (int attempt = 0; attempt < 3; attempt++) {
            proxy.next("PUT", proxy.busy());
        }

        assertThatThrownBy(() -> store.put(name, bytes("second")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("503 ServerBusy");
        assertThat(content()).isEqualTo("first");
    }

    @Test
    void anErrorOfSeveralBlocksAtOnceIsNamedLikeThatOfOne() {
        for (int attempt = 0; attempt < 3 * 5; attempt++) {
            proxy.next("PUT", proxy.busy());
        }

        assertThatThrownBy(() -> store.put(name, new byte[5 << 20]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("503 ServerBusy");
    }

    @Test
    void aCreationWhoseAnswerWasLostIsNotReportedAsRefused() throws IOException {
        direct.delete(name);
        proxy.next("PUT", proxy.loseAnswer());

        String etag = store.putIfAbsent(name, bytes("mine")).orElseThrow();

        assertThat(proxy.isPlanDone()).isTrue();
        assertThat(direct.get(name).orElseThrow().etag()).isEqualTo(etag);
        assertThat(content()).isEqualTo("mine");
    }

    @Test
    void aReplacementWhoseAnswerWasLostIsNotReportedAsRefused() throws IOException {
        String first = direct.get(name).orElseThrow().etag();
        proxy.next("PUT", proxy.loseAnswer());

        String second = store.putIfMatch(name, bytes("mine"), first).orElseThrow();

        assertThat(direct.get(name).orElseThrow().etag()).isEqualTo(second).isNotEqualTo(first);
        assertThat(store.putIfMatch(name, bytes("next"), second)).isPresent();
    }

    @Test
    void aReplacementInBlocksWhoseAnswerWasLostIsNotReportedAsRefused() throws IOException {
        byte[] large = new byte[3 << 20];
        new Random(7).nextBytes(large);
        String first = direct.get(name).orElseThrow().etag();
        proxy.next("PUT", "comp=block&", proxy.loseAnswer());
        proxy.next("PUT", "comp=blocklist", proxy.loseAnswer());

        String second = store.putIfMatch(name, large, first).orElseThrow();

        assertThat(proxy.isPlanDone()).isTrue();
        BlobStore.Blob blob = direct.get(name).orElseThrow();
        assertThat(blob.etag()).isEqualTo(second);
        assertThat(blob.content()).isEqualTo(large);
    }

    @Test
    void anEffectThatNobodyCanTellIsAnError() throws IOException {
        String first = direct.get(name).orElseThrow().etag();
        proxy.next("PUT", proxy.loseAnswerAfter(() -> direct.put(name, bytes("another's"))));

        assertThatThrownBy(() -> store.putIfMatch(name, bytes("mine"), first))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown");
        assertThat(content()).isEqualTo("another's");
    }

    @Test
    void anEffectThatWasDeletedSinceIsAnError() throws IOException {
        String first = direct.get(name).orElseThrow().etag();
        proxy.next("PUT", proxy.loseAnswerAfter(() -> direct.delete(name)));

        assertThatThrownBy(() -> store.putIfMatch(name, bytes("mine"), first))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown");
    }

    @Test
    void aRequestThatWasLostIsSentAgain() throws IOException {
        direct.delete(name);
        proxy.next("PUT", proxy.loseRequest());

        assertThat(store.putIfAbsent(name, bytes("mine"))).isPresent();
        assertThat(content()).isEqualTo("mine");
    }

    @Test
    void aWriteWithoutAnyAnswerIsAnErrorThoughItTookEffect() throws IOException {
        String first = direct.get(name).orElseThrow().etag();
        proxy.next("PUT", proxy.loseAnswer());
        proxy.next("PUT", proxy.loseRequest());
        proxy.next("PUT", proxy.loseRequest());

        assertThatThrownBy(() -> store.putIfMatch(name, bytes("mine"), first)).isInstanceOf(IOException.class);
        assertThat(content()).isEqualTo("mine");
    }

    @Test
    void aLookAfterALostAnswerThatFailsTooIsAnError() throws IOException {
        String first = direct.get(name).orElseThrow().etag();
        proxy.next("PUT", proxy.loseAnswer());
        for (int attempt = 0; attempt < 3; attempt++) {
            proxy.next("HEAD", proxy.busy());
        }

        assertThatThrownBy(() -> store.putIfMatch(name, bytes("mine"), first)).isInstanceOf(IOException.class);
    }

    @Test
    void aDeletionWhoseAnswerWasLostIsDone() throws IOException {
        proxy.next("DELETE", proxy.loseAnswer());

        store.delete(name);

        assertThat(direct.get(name)).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForForever() throws IOException {
        AzureBlobStore impatient = new AzureBlobStore(impatient(proxy.url()));
        String first = direct.get(name).orElseThrow().etag();
        proxy.next("PUT", proxy.withholdAnswer());
        proxy.next("GET", proxy.withholdAnswer());
        proxy.next("DELETE", proxy.withholdAnswer());

        String second = impatient.putIfMatch(name, bytes("mine"), first).orElseThrow();

        assertThat(impatient.get(name).orElseThrow().etag()).isEqualTo(second);
        impatient.delete(name);
        assertThat(direct.get(name)).isEmpty();
        assertThat(impatient.retries()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aDownloadThatBreaksOffIsTakenUpAgain() throws IOException {
        byte[] large = new byte[1 << 20];
        new Random(7).nextBytes(large);
        direct.put(name, large);
        proxy.next("GET", proxy.cutAnswer(() -> {}));

        assertThat(store.get(name).orElseThrow().content()).isEqualTo(large);
        assertThat(proxy.isPlanDone()).isTrue();
    }

    @Test
    void aDownloadThatBreaksOffNeverMixesVersions() throws IOException {
        byte[] large = new byte[1 << 20];
        new Random(7).nextBytes(large);
        direct.put(name, large);
        byte[] other = new byte[1 << 20];
        proxy.next("GET", proxy.cutAnswer(() -> direct.put(name, other)));

        assertThat(store.get(name).orElseThrow().content()).isEqualTo(other);
        assertThat(proxy.isPlanDone()).isTrue();
    }

    @Test
    void aDownloadThatStallsIsReadAgain() throws IOException {
        AzureBlobStore impatient = new AzureBlobStore(impatient(proxy.url()));
        byte[] large = new byte[1 << 20];
        new Random(7).nextBytes(large);
        direct.put(name, large);
        proxy.next("GET", proxy.stallAnswer());

        assertThat(impatient.get(name).orElseThrow().content()).isEqualTo(large);
        assertThat(impatient.retries()).isPositive();
    }

    @Test
    void aDownloadThatAlwaysBreaksOffIsAnError() throws IOException {
        direct.put(name, new byte[1 << 20]);
        for (int attempt = 0; attempt < 3; attempt++) {
            proxy.next("GET", proxy.cutAnswer(() -> {}));
        }

        assertThatThrownBy(() -> store.get(name)).isInstanceOf(IOException.class);
        assertThat(proxy.isPlanDone()).isTrue();
    }

    @Test
    void aListingSurvivesABusyServiceBetweenPages() throws IOException {
        for (int i = 0; i < 5; i++) {
            direct.put(name + i, bytes("x"));
        }
        proxy.next("GET", "marker=", proxy.busy());
        proxy.next("GET", "marker=", proxy.loseAnswer());

        assertThat(store.list(name)).hasSize(6);
        assertThat(proxy.isPlanDone()).isTrue();
    }

    private String content() throws IOException {
        return new String(direct.get(name).orElseThrow().content(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AzureBlobSettings impatient(URI url) {
        AzureBlobSettings patient = Azurite.settings(url);
        return new AzureBlobSettings(
                patient.accountUrl(),
                patient.connectionString(),
                patient.retry(),
                new AzureBlobSettings.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(2)),
                patient.uploadBlockSizeBytes(),
                patient.listPageSize());
    }
}
