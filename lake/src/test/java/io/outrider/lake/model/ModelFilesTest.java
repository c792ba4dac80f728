package io.outrider.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.Calibration;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.ForestSettings;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelManifestCodec;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.model.SplitMix;
import io.outrider.core.port.BlobStore;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFilesTest {

    private static final ModelManifest.Plan PLAN =
            new ModelManifest.Plan("plan", "fingerprint-1", List.of("amount", "ratio", "other"));

    @TempDir
    private Path folder;

    private BlobStore lake;
    private ModelFiles files;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        files = new ModelFiles(lake, "plan");
    }

    private static Model model(long seed) {
        SplitMix random = new SplitMix(1);
        FeatureMatrix rows = new FeatureMatrix(3);
        for (int i = 0; i < 2000; i++) {
            double ratio = random.nextInt(10) == 0 ? Double.NaN : random.nextDouble();
            rows.add(new double[] {random.nextDouble() * random.nextDouble() * 1e4, ratio, 1});
        }
        ModelRecipe recipe = new ModelRecipe(
                new ForestSettings(50, 128),
                List.of("ratio", "amount"),
                1,
                0.98,
                List.of(new ModelRecipe.Tail("amount", false, 0.5, 0.98, 0)));
        FusedScore score = ModelTrainer.fit(recipe, PLAN, rows, seed);
        double[] raw = score.raw(rows);
        return Model.of(
                score,
                new Model.Decided(
                        PLAN,
                        Calibration.fit(raw),
                        new PolicyTerms(4.2, Duration.ofMinutes(90), 2, 5, 20, 0.001),
                        new ModelManifest.Origin(
                                "0.1.0",
                                seed,
                                Instant.parse("2018-04-01T00:00:00Z"),
                                Instant.parse("2018-06-30T23:59:59Z"),
                                2000,
                                Map.of("data", "made up")),
                        Map.of("averagePrecision", 0.35)));
    }

    @Test
    void aStoredModelScoresExplainsAndDecidesAsBefore() throws IOException {
        Model model = model(7);
        files.save(model);
        Model loaded = files.load(model.manifest().version());
        assertThat(ModelManifestCodec.encode(loaded.manifest())).isEqualTo(ModelManifestCodec.encode(model.manifest()));
        SplitMix random = new SplitMix(9);
        float[] scratch = FusedScore.scratch(3);
        for (int i = 0; i < 200; i++) {
            double[] vector = {random.nextDouble() * 2e4, i % 3 == 0 ? Double.NaN : random.nextDouble() * 2, 0};
            assertThat(loaded.raw(vector, scratch)).isEqualTo(model.raw(vector, scratch));
            assertThat(loaded.explain(vector).contributions())
                    .isEqualTo(model.explain(vector).contributions());
        }
        assertThat(files.versions()).containsExactly(model.manifest().version());
    }

    @Test
    void theSameOriginGivesTheSameBytesAndVersionAndAnotherSeedOthers() throws IOException {
        String version = model(7).manifest().version();
        assertThat(version).matches("20180630-[0-9a-f]{12}");
        files.save(model(7));
        byte[] trees =
                lake.get("models/plan/" + version + "/model.onnx").orElseThrow().content();
        byte[] manifest = lake.get("models/plan/" + version + "/manifest.json")
                .orElseThrow()
                .content();
        files.save(model(7));
        assertThat(lake.get("models/plan/" + version + "/model.onnx")
                        .orElseThrow()
                        .content())
                .isEqualTo(trees);
        assertThat(lake.get("models/plan/" + version + "/manifest.json")
                        .orElseThrow()
                        .content())
                .isEqualTo(manifest);
        assertThat(model(8).manifest().version()).isNotEqualTo(version);
    }

    @Test
    void whatLaterCodeAddsIsIgnoredAndWhatSomebodyChangesIsNoticed() throws Exception {
        Model model = model(7);
        files.save(model);
        String version = model.manifest().version();
        String name = "models/plan/" + version + "/manifest.json";
        String json = new String(lake.get(name).orElseThrow().content(), StandardCharsets.UTF_8);

        String unnamed = json.replace(version, "").replaceFirst("\\{", "{\"later\": 1,");
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(unnamed.getBytes(StandardCharsets.UTF_8));
        String later = "20180630-" + HexFormat.of().formatHex(hash).substring(0, 12);
        lake.put(
                "models/plan/" + later + "/manifest.json",
                unnamed.replace("\"version\" : \"\"", "\"version\" : \"" + later + "\"")
                        .getBytes(StandardCharsets.UTF_8));
        lake.put(
                "models/plan/" + later + "/model.onnx",
                lake.get("models/plan/" + version + "/model.onnx").orElseThrow().content());
        assertThat(files.load(later).manifest().version()).isEqualTo(later);

        lake.put(
                name,
                json.replace("\"rawThreshold\" : 4.2", "\"rawThreshold\" : 9.2").getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> files.load(version))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
        lake.put(
                name,
                json.replace("\"formatVersion\" : 1", "\"formatVersion\" : 2").getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> files.load(version))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 2");
        lake.put(name, new byte[] {'{'});
        assertThatThrownBy(() -> files.manifest(version))
                .isInstanceOf(DamagedModelException.class)
                .hasMessage("model " + version + " is damaged: no model manifest: it is no JSON at line 1, column 2");
    }

    @Test
    void treesOfAnotherModelAndMissingFilesAreNoticed() throws IOException {
        Model model = model(7);
        Model other = model(8);
        files.save(model);
        files.save(other);
        String version = model.manifest().version();
        lake.put(
                "models/plan/" + version + "/model.onnx",
                lake.get("models/plan/" + other.manifest().version() + "/model.onnx")
                        .orElseThrow()
                        .content());
        assertThatThrownBy(() -> files.load(version))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the manifest's");
        assertThatThrownBy(() -> files.load("20000101-000000000000"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no models/plan/20000101-000000000000/manifest.json");
        assertThatThrownBy(() -> files.load("../x")).isInstanceOf(IOException.class);
    }
}
