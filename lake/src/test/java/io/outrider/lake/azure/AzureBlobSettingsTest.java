package io.outrider.lake.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AzureBlobSettingsTest {

    private static final String URL = "https://outrider.blob.core.windows.net";
    private static final String SECRET = "c2VjcmV0";
    private static final String CONNECTION_STRING =
            "DefaultEndpointsProtocol=https;AccountName=outrider;AccountKey=" + SECRET + ";EndpointSuffix=x.net";

    @Test
    void neitherAccountNorConnectionStringMeansNotOnAzure() {
        assertThat(AzureBlobSettings.from(config(Map.of("account-url", " ", "connection-string", ""))))
                .isEmpty();
    }

    @Test
    void anAccountIsEnough() {
        AzureBlobSettings settings =
                AzureBlobSettings.from(config(Map.of("account-url", URL))).orElseThrow();

        assertThat(settings.accountUrl()).isEqualTo(URL);
        assertThat(settings.retry().attempts()).isEqualTo(5);
        assertThat(settings.timeouts().attempt()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.uploadBlockSizeBytes()).isEqualTo(8 << 20);
    }

    @Test
    void secretsAreNotShown() {
        AzureBlobSettings byString = AzureBlobSettings.from(config(Map.of("connection-string", CONNECTION_STRING)))
                .orElseThrow();
        AzureBlobSettings bySignature = AzureBlobSettings.from(
                        config(Map.of("account-url", URL + "/?sv=2025&sig=" + SECRET)))
                .orElseThrow();

        assertThat(byString.toString()).doesNotContain(SECRET);
        assertThat(bySignature.toString()).contains(URL).doesNotContain(SECRET);
        assertThatThrownBy(() -> AzureBlobSettings.from(config(Map.of("account-url", URL + "/ ?sig=" + SECRET))))
                .hasMessageContaining("account-url")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "account-url, http://outrider.blob.core.windows.net",
        "account-url, https://outrider.dfs.core.windows.net",
        "account-url, outrider",
        "account-url, 'https://{account}'",
        "attempts, 0",
        "attempts, many",
        "first-retry-delay, 0s",
        "longest-retry-delay, 1ms",
        "connect-timeout, -1s",
        "attempt-timeout, 999ms",
        "stall-timeout, 0s",
        "upload-block-size, 0",
        "upload-block-size, 300 MiB",
        "upload-block-size, 8 GiB",
        "list-page-size, 5001",
    })
    void aBadValueIsRefusedByTheNameOfItsKey(String key, String value) {
        Config config = config("account-url".equals(key) ? Map.of(key, value) : Map.of("account-url", URL, key, value));

        assertThatThrownBy(() -> AzureBlobSettings.from(config)).hasMessageContaining(key);
    }

    /** The defaults with some keys given; the machine's environment plays no part. */
    private static Config config(Map<String, String> given) {
        return ConfigFactory.parseMap(given)
                .atPath("outrider.lake.azure")
                .withFallback(ConfigFactory.parseResources("reference.conf").resolve(ConfigResolveOptions.noSystem()));
    }
}
