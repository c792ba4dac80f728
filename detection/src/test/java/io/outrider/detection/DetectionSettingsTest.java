package io.outrider.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DetectionSettingsTest {

    @Test
    void byDefaultAccountsInMemoryFollowFromTheHeap() {
        DetectionSettings settings = with("max-accounts-in-memory", 0);
        assertThat(settings.maxAccountsInMemory() * 16_384L)
                .isCloseTo(Runtime.getRuntime().maxMemory(), org.assertj.core.data.Offset.offset(16_384L));
        assertThat(settings.limits().accounts()).isEqualTo(settings.maxAccountsInMemory());
        assertThat(with("max-accounts-in-memory", 5).limits().accounts()).isEqualTo(5);
    }

    @Test
    void byDefaultScratchLiesWithTheSystemsTemporaryFiles() {
        assertThat(with("scratch-dir", " ").scratchDir()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
        assertThat(with("scratch-dir", "/far/away").scratchDir()).isEqualTo(Path.of("/far/away"));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> with("max-accounts-in-memory", -1))
                .hasMessageContaining("outrider.detection.max-accounts-in-memory must be at least 1");
        assertThatThrownBy(() -> with("scratch-dir", "a\0b"))
                .hasMessageContaining("outrider.detection.scratch-dir is no path");
    }

    private static DetectionSettings with(String key, Object value) {
        return DetectionSettings.from(ConfigFactory.parseMap(Map.of("outrider.detection." + key, value))
                .withFallback(ConfigFactory.load()));
    }
}
