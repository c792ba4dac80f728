package io.outrider.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.Canary;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.Requested;
import io.outrider.lake.blob.FolderBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageFileTest {

    private static final Requested ASKED = new Requested("ann", Instant.parse("2026-03-01T12:00:00Z"), "a test");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final String NAME = "models/transactions/stages.json";

    @TempDir
    Path folder;

    private FolderBlobStore lake;
    private StageFile stages;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        stages = new StageFile(lake, "transactions");
    }

    @Test
    void aLakeFromBeforeStagesBeginsWithItsNewestModel() throws IOException {
        ModelFiles models = new ModelFiles(lake, "transactions");
        assertThat(stages.readOrBegin(models, CLOCK)).isEmpty();
        lake.put("models/transactions/20260101-a/manifest.json", new byte[0]);
        lake.put("models/transactions/20260201-b/manifest.json", new byte[0]);
        assertThat(stages.readOrBegin(models, CLOCK).orElseThrow().champion()).isEqualTo("20260201-b");
        lake.put("models/transactions/20260301-c/manifest.json", new byte[0]);
        assertThat(stages.readOrBegin(models, CLOCK).orElseThrow().champion())
                .as("a newer model is not in force by itself")
                .isEqualTo("20260201-b");
        assertThat(models.newest()).contains("20260301-c");
    }

    @Test
    void ofTheModelsOfOneDayTheOneRegisteredLastIsTheNewest() throws IOException {
        ModelFiles models = new ModelFiles(lake, "transactions");
        List<String> registered = List.of("20260101-f", "20260201-c", "20260201-a", "20260201-b");
        for (int i = 0; i < registered.size(); i++) {
            String manifest = "models/transactions/" + registered.get(i) + "/manifest.json";
            lake.put(manifest, new byte[0]);
            Files.setLastModifiedTime(folder.resolve(manifest), FileTime.fromMillis(i * 60_000L));
        }
        assertThat(models.versions()).isEqualTo(registered);
        assertThat(stages.readOrBegin(models, CLOCK).orElseThrow().champion()).isEqualTo("20260201-b");
    }

    @Test
    void whatTheyWouldBeginWithIsToldAndNotWritten() throws IOException {
        ModelFiles models = new ModelFiles(lake, "transactions");
        assertThat(stages.readOrFirst(models, CLOCK)).isEmpty();
        lake.put("models/transactions/20260101-a/manifest.json", new byte[0]);
        assertThat(stages.readOrFirst(models, CLOCK).orElseThrow().champion()).isEqualTo("20260101-a");
        assertThat(stages.read()).isEmpty();
        begin();
        assertThat(stages.readOrFirst(models, CLOCK)).isEqualTo(stages.read());
    }

    @Test
    void stagesAreReadBackAsTheyWereWritten() throws IOException {
        begin();
        ModelStages written = stages.change(
                at -> at.promote("m2", true, ASKED).shadow("m3", ASKED).canary(new Canary("m4", 0.125), ASKED));
        assertThat(stages.read()).contains(written);
        assertThat(new String(lake.get(NAME).orElseThrow().content(), StandardCharsets.UTF_8))
                .contains("\"champion\" : \"m2\"", "\"action\" : \"canary\"", "\"share\" : 0.125", "\"by\" : \"ann\"");
    }

    @Test
    void ofTwoChangesAtOnceOneIsMadeOnTopOfTheOther() throws IOException {
        begin();
        AtomicInteger calls = new AtomicInteger();
        ModelStages made = stages.change(at -> {
            if (calls.getAndIncrement() == 0) {
                try {
                    stages.change(now -> now.shadow("m2", ASKED));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return at.canary(new Canary("m3", 0.5), ASKED);
        });
        assertThat(calls).hasValue(2);
        assertThat(made.challenger()).isEqualTo("m2");
        assertThat(made.revision()).isEqualTo(3);
    }

    @Test
    void whatCannotBeReadIsRefusedByName() throws IOException {
        assertThatThrownBy(() -> stages.change(at -> at)).hasMessageContaining(NAME + " is missing");
        lake.put(NAME, "{\"version\": 2}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(stages::read).hasMessageContaining("format version 2");
        lake.put(NAME, "{\"version\": 1, \"audit\": []}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(stages::read).isInstanceOf(IOException.class).hasMessageContaining(NAME);
    }

    private void begin() throws IOException {
        lake.putIfAbsent(NAME, StageFile.encode(ModelStages.begin("m1", ASKED)));
    }
}
