package io.outrider.lake.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.core.util.Configuration;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.BlobStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store by workload identity, as a pod has it: a federated token in a file and the account's address, against a token server and a
 * blob server that takes access tokens for storage alone.
 */
@Tag("azurite")
@SuppressWarnings("deprecation") // Nothing else gives a running process variables of a pod.
final class AzureBlobIdentityTest extends BlobStoreContract {

    private static final String ACCOUNT_URL = "https://devstoreaccount1.blob.core.windows.net";
    private static final Map<String, String> POD = Map.of(
            "AZURE_TENANT_ID",
            LoopbackAzure.TENANT,
            "AZURE_CLIENT_ID",
            LoopbackAzure.CLIENT_ID,
            "AZURE_AUTHORITY_HOST",
            "https://login.microsoftonline.com/",
            "https.proxyHost",
            "127.0.0.1");

    private static LoopbackAzure azure;
    private static SSLContext usual;
    private static BlobStore store;

    @BeforeAll
    static void enterThePod(@TempDir Path folder) throws Exception {
        // Of .ci/azurite: the port of a blob server that demands tokens, and the certificate of Azure's names, a colon
        // between.
        String[] guarded = System.getenv("OUTRIDER_TEST_AZURITE_BY_TOKEN").split(":", 2);
        SSLContext tls = tls(Path.of(guarded[1]));
        usual = SSLContext.getDefault();
        SSLContext.setDefault(tls);
        azure = new LoopbackAzure(tls, Integer.parseInt(guarded[0]));
        Configuration pod = Configuration.getGlobalConfiguration();
        POD.forEach(pod::put);
        pod.put("https.proxyPort", Integer.toString(azure.proxyPort()));
        pod.put(
                "AZURE_FEDERATED_TOKEN_FILE",
                Files.writeString(folder.resolve("token"), LoopbackAzure.FEDERATED_TOKEN)
                        .toString());
        store = open();
    }

    @AfterAll
    static void leaveThePod() throws IOException {
        Configuration pod = Configuration.getGlobalConfiguration();
        POD.keySet().forEach(pod::remove);
        pod.remove("https.proxyPort");
        pod.remove("AZURE_FEDERATED_TOKEN_FILE");
        SSLContext.setDefault(usual);
        azure.close();
    }

    private static SSLContext tls(Path keys) throws Exception {
        char[] password = "azurite".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, password);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, password);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, password);
        trusted.setCertificateEntry("azure", store.getCertificate("azure"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return tls;
    }

    private static AzureBlobStore open() {
        return new AzureBlobStore(new AzureBlobSettings(
                ACCOUNT_URL,
                null,
                new AzureBlobSettings.Retry(3, Duration.ofMillis(1), Duration.ofMillis(4)),
                new AzureBlobSettings.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10)),
                1 << 20,
                2));
    }

    @Override
    protected BlobStore store() {
        return store;
    }

    @Test
    void theFederatedTokenIsExchangedForOneOfStorage() throws IOException {
        store.put(folder + "/by-identity", bytes("written"));

        assertThat(azure.asked())
                .as("once for all that follows")
                .isNotEmpty()
                .hasSizeLessThan(4)
                .allSatisfy(form -> assertThat(form)
                        .containsEntry("grant_type", "client_credentials")
                        .containsEntry("client_id", LoopbackAzure.CLIENT_ID)
                        .containsEntry("client_assertion", LoopbackAzure.FEDERATED_TOKEN)
                        .containsEntry("scope", "https://storage.azure.com/.default openid profile offline_access"));
    }

    @Test
    void aTokenForAnotherServiceIsRefusedAndTheErrorNamesTheBlobAndNoToken() throws IOException {
        azure.audience("https://eventhubs.azure.net");
        try {
            assertThat(everythingOf(catchThrowable(() -> open().get(folder + "/a"))))
                    .contains("could not read " + folder + "/a at " + ACCOUNT_URL)
                    .doesNotContain("Bearer", "c2ln");
        } finally {
            azure.audience("https://storage.azure.com");
        }
    }

    @Test
    void anIdentityThatNobodyTrustsIsNamedAsThatAndNoTokenIsShown() throws IOException {
        Configuration pod = Configuration.getGlobalConfiguration();
        pod.put("AZURE_CLIENT_ID", "00000000-0000-0000-0000-000000000002");
        try {
            assertThat(everythingOf(catchThrowable(() -> open().get(folder + "/a"))))
                    .contains("could not read " + folder + "/a", "AADSTS70021")
                    .doesNotContain(LoopbackAzure.FEDERATED_TOKEN);
        } finally {
            pod.put("AZURE_CLIENT_ID", LoopbackAzure.CLIENT_ID);
        }
    }

    private static String everythingOf(Throwable error) {
        assertThat(error).isInstanceOf(IOException.class);
        StringWriter everything = new StringWriter();
        error.printStackTrace(new PrintWriter(everything));
        return everything.toString();
    }
}
