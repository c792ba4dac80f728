package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.StageEntry;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake with models on which no node has started yet. */
class FirstStagesTest {

    private static final Models MODELS = new Models(Models.history(), List.of(0.02, 0.05));
    private static final String FIRST = MODELS.versions().get(0);
    private static final String NEXT = MODELS.versions().get(1);

    @Test
    void lookingPutsNoModelInForceAndTheFirstChangeDoes(@TempDir Path folder) throws IOException {
        FolderBlobStore lake = new FolderBlobStore(folder);
        ModelFiles models = new ModelFiles(lake, Models.PLAN.name());
        StageFile stages = new StageFile(lake, Models.PLAN.name());
        RolloutDesk desk =
                new RolloutDesk(lake, Models.PLAN, RolloutSettings.from(ConfigFactory.load()), null, Clock.systemUTC());
        models.save(MODELS.load(FIRST));
        assertThat(desk.view().stages().champion()).isEqualTo(FIRST);
        assertThat(new DriftDesk(lake, Models.PLAN, null, Clock.systemUTC()).hasReference())
                .isFalse();
        assertThat(stages.read()).isEmpty();

        models.save(MODELS.load(NEXT));
        String other = desk.view().stages().champion().equals(FIRST) ? NEXT : FIRST;
        desk.change(new RolloutChange.Shadow(other), "ann", "a test");
        assertThat(stages.read().orElseThrow().audit())
                .extracting(StageEntry::action)
                .containsExactly(StageEntry.Action.BEGIN, StageEntry.Action.SHADOW);
    }
}
