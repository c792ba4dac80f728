package io.outrider.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan comes back as it was, or is refused with the reason. */
class PlanFilesTest {

    private static final FeaturePlan OWN = FeaturePlan.named("transactions");

    @TempDir
    Path folder;

    private FolderBlobStore lake;
    private PlanFiles files;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        files = new PlanFiles(lake, OWN);
    }

    private static FeaturePlan with(String key, Object value) {
        return FeaturePlan.compile(
                ConfigFactory.parseString(OWN.source()).withValue(key, ConfigValueFactory.fromAnyRef(value)));
    }

    private static String file(FeaturePlan plan) {
        return "models/transactions/plans/" + plan.fingerprint() + ".conf";
    }

    @Test
    void aPlanComesBackByItsFingerprintAsItWas() throws IOException {
        FeaturePlan other = with("memory.amounts", 20);
        assertThat(files.find(other.fingerprint())).isEmpty();
        PlanFiles.save(lake, other);
        PlanFiles.save(lake, other);
        FeaturePlan loaded = files.load(other.fingerprint());
        assertThat(loaded.fingerprint()).isEqualTo(other.fingerprint()).isNotEqualTo(OWN.fingerprint());
        assertThat(loaded.words()).isEqualTo(other.words());
        assertThat(loaded.features()).isEqualTo(other.features());
        assertThat(files.load(OWN.fingerprint())).isSameAs(OWN);
    }

    @Test
    void aDamagedPlanIsPutRightByWhoeverBringsIt() throws IOException {
        FeaturePlan other = with("memory.amounts", 20);
        lake.put(file(other), "features = [".getBytes(StandardCharsets.UTF_8));
        PlanFiles.save(lake, other);
        assertThat(files.load(other.fingerprint()).features()).isEqualTo(other.features());
    }

    @Test
    void aPlanThatIsNowhereIsRefusedByName() {
        assertThatThrownBy(() -> files.load("0123"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0123")
                .hasMessageContaining("nor in the lake");
    }

    @Test
    void aPlanThatReadsOtherFieldsIsRefused() throws IOException {
        FeaturePlan other = with("schema.merchant", "shop");
        PlanFiles.save(lake, other);
        assertThatThrownBy(() -> files.load(other.fingerprint())).hasMessageContaining("reads other fields");
    }

    @Test
    void aPlanOfOtherSemanticsOrNoneAtAllIsRefused() throws IOException {
        FeaturePlan other = with("memory.amounts", 20);
        lake.put(file(other), OWN.source().getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> files.load(other.fingerprint())).hasMessageContaining("computes features otherwise");
        lake.put(file(other), "features = 1".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> files.load(other.fingerprint())).hasMessageContaining("is no feature plan");
    }
}
