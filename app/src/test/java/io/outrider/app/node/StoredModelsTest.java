package io.outrider.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.port.ModelCatalog;
import io.outrider.core.port.UnavailableException;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models of a lake as a node shows them. */
final class StoredModelsTest {

    private static final String BAD = "20260303-000000000000";

    private final ActorTestKit kit = ActorTestKit.create();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aDamagedModelIsNamedAndHidesNoOther() throws Exception {
        FolderBlobStore lake = new FolderBlobStore(folder);
        Model model = Model.of(
                new FusedScore(List.of(), List.of(new Evidence(0, false, Curve.line(1), 1, 0))),
                new Model.Decided(
                        new ModelManifest.Plan("transactions", "f", List.of("amount")),
                        Calibration.fit(new double[] {1, 2, 3}),
                        new PolicyTerms(2, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin("3", 42, Instant.EPOCH, Instant.EPOCH, 300, Map.of()),
                        Map.of(),
                        null,
                        null));
        Instant before = Instant.now().minusSeconds(10);
        ModelFiles files = new ModelFiles(lake, "transactions");
        files.save(model);
        lake.put("models/transactions/" + BAD + "/manifest.json", new byte[] {'{'});
        StoredModels models = new StoredModels(kit.system(), lake, "transactions");
        String version = model.manifest().version();

        ModelCatalog.Listing listing = models.models().toCompletableFuture().get();
        assertThat(listing.models()).singleElement().satisfies(one -> {
            assertThat(one.manifest().version()).isEqualTo(version);
            assertThat(one.stage()).as("before any node has run").isEqualTo("registered");
            assertThat(one.registeredAt()).isAfter(before);
        });
        assertThat(listing.damaged())
                .containsExactly(new ModelCatalog.Damaged(BAD, "no model manifest: it is no JSON at line 1, column 2"));
        assertThat(models.model(version).toCompletableFuture().get()).isPresent();
        assertThat(models.model("none").toCompletableFuture().get()).isEmpty();
        assertThatThrownBy(() -> models.model(BAD).toCompletableFuture().get())
                .hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining("model " + BAD + " is damaged");

        lake.delete("models/transactions/" + BAD + "/manifest.json");
        new StageFile(lake, "transactions").readOrBegin(files, Clock.systemUTC());
        assertThat(models.models().toCompletableFuture().get().models())
                .extracting(ModelCatalog.Registered::stage)
                .containsExactly("champion");
    }
}
