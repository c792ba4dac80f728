package io.outrider.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.PolicyTerms;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code models list} and {@code models show} say of a lake. */
final class ModelsCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private FolderBlobStore lake;
    private String first;
    private String second;

    @BeforeEach
    void register() throws IOException {
        lake = new FolderBlobStore(folder);
        first = register("2026-03-01T00:00:00Z");
        second = register("2026-03-02T00:00:00Z");
    }

    private String register(String dataTo) throws IOException {
        Model model = Model.of(
                new FusedScore(List.of(), List.of(new Evidence(0, false, Curve.line(1), 1, 0))),
                new Model.Decided(
                        new ModelManifest.Plan("transactions", "f", List.of("amount")),
                        Calibration.fit(new double[] {1, 2, 3}),
                        new PolicyTerms(2, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin("3", 42, Instant.EPOCH, Instant.parse(dataTo), 300, Map.of()),
                        Map.of(),
                        null,
                        null));
        new ModelFiles(lake, "transactions").save(model);
        return model.manifest().version();
    }

    @Test
    void aDamagedModelIsNamedAndHidesNoOther() throws IOException {
        lake.put("models/transactions/" + first + "/manifest.json", new byte[] {'{'});

        assertThat(models("list")).isOne();
        assertThat(out.toString().lines()).singleElement().asString().startsWith(second);
        assertThat(err.toString().lines())
                .containsExactly("outrider: model " + first
                        + " is damaged: no model manifest: it is no JSON at line 1, column 2");
    }

    @Test
    void stagesAndTimesOfRegistrationAreTold() throws IOException {
        assertThat(models("list")).isZero();
        assertThat(out.toString().lines()).allMatch(line -> line.contains("  registered  registered 2"));

        new StageFile(lake, "transactions").readOrBegin(new ModelFiles(lake, "transactions"), Clock.systemUTC());
        assertThat(models("list")).isZero();
        assertThat(out.toString()).contains(second + "  champion    registered 2");
        assertThat(models("show", second)).isZero();
        assertThat(out.toString()).contains("stage      champion, registered 2");
    }

    private int models(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("models", command, "--lake", folder.toString()));
        all.addAll(List.of(arguments));
        return Outrider.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
