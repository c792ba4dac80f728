package io.outrider.lake.pseudonym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.pseudonym.PseudonymKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PseudonymSettingsTest {

    private static final String KEY = "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    @Test
    void theyAreOffByDefault() {
        assertThat(key("", Map.of()).isOn()).isFalse();
    }

    @Test
    void theKeyComesFromTheEnvironmentOrAFileAndIsTheSame() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
        PseudonymKey fromFile = key(file.toString(), Map.of());
        assertThat(fromFile.isOn()).isTrue();
        assertThat(fromFile.mark())
                .isEqualTo(PseudonymKey.of(KEY.getBytes(StandardCharsets.UTF_8)).mark());
        assertThat(key("", Map.of("OUTRIDER_PSEUDONYM_KEY", KEY)).mark()).isEqualTo(fromFile.mark());
    }

    @Test
    void whatIsNoKeyIsRefusedByTheSettingsNameAndNotPrinted() throws IOException {
        String secret = "hush-hush";
        Path file = Files.writeString(folder.resolve("key"), secret + " ".repeat(60));
        assertThatThrownBy(() -> key(file.toString(), Map.of()))
                .hasMessageContaining("outrider.pseudonyms.key-file")
                .hasMessageContaining("at least 32 bytes")
                .hasMessageNotContaining(secret);
        assertThatThrownBy(() -> key("", Map.of("OUTRIDER_PSEUDONYM_KEY", secret)))
                .hasMessageContaining("OUTRIDER_PSEUDONYM_KEY")
                .hasMessageContaining("it has 9")
                .hasMessageNotContaining(secret);
        assertThatThrownBy(() -> key("", Map.of("OUTRIDER_PSEUDONYM_KEY", ""))).hasMessageContaining("it has 0");
        assertThatThrownBy(() -> key(folder.resolve("none").toString(), Map.of()))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> key(file.toString(), Map.of("OUTRIDER_PSEUDONYM_KEY", KEY)))
                .hasMessageContaining("which key is meant")
                .hasMessageNotContaining(KEY);
    }

    private static PseudonymKey key(String file, Map<String, String> environment) {
        Config config = ConfigFactory.parseMap(Map.of("outrider.pseudonyms.key-file", file))
                .withFallback(ConfigFactory.load());
        return PseudonymSettings.key(config, environment);
    }
}
