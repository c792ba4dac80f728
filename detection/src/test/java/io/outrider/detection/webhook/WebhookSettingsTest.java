package io.outrider.detection.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.alert.Severity;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may be said of webhooks in the settings. */
class WebhookSettingsTest {

    @Test
    void settingsNameWhatIsWrong() {
        String good = "{ name = cases, url = \"https://cases.example/hook\", secret-env = KEY, min-severity = high }";
        assertThat(settings(good, Map.of("KEY", "whsec_YWJj")).endpoints())
                .singleElement()
                .matches(endpoint -> endpoint.minSeverity() == Severity.HIGH
                        && new String(endpoint.secret(), StandardCharsets.UTF_8).equals("abc")
                        && !endpoint.toString().contains("abc"));
        assertThatThrownBy(() -> settings(good, Map.of())).hasMessageContaining("KEY is not set");
        assertThatThrownBy(() -> settings(good.replace("https", "http"), Map.of("KEY", "x")))
                .hasMessageContaining("endpoints.url");
        assertThatThrownBy(() -> settings(good + "," + good, Map.of("KEY", "x")))
                .hasMessageContaining("cases");
    }

    private static WebhookSettings settings(String endpoints, Map<String, String> environment) {
        return WebhookSettings.from(
                ConfigFactory.parseString("outrider.webhooks.endpoints = [" + endpoints + "]")
                        .withFallback(ConfigFactory.load()),
                environment);
    }
}
