package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.PlanFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of another plan than the champion's: what may be asked of it, and what is said of the rest. */
class OtherPlanRolloutTest {

    private static final Models MODELS = new Models(Models.history(), List.of(0.02, 0.05));
    private static final String OTHER = MODELS.add(Models.OTHER_PLAN, Models.history());

    @TempDir
    Path folder;

    private FolderBlobStore lake;
    private RolloutDesk desk;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        ModelFiles files = new ModelFiles(lake, Models.PLAN.name());
        files.save(MODELS.load(MODELS.versions().get(0)));
        assertThat(new StageFile(lake, Models.PLAN.name()).readOrBegin(files, Clock.systemUTC()))
                .isPresent();
        files.save(MODELS.load(OTHER));
        desk = new RolloutDesk(lake, Models.PLAN, RolloutSettings.from(ConfigFactory.load()), null, Clock.systemUTC());
    }

    private void change(RolloutChange change) throws IOException {
        desk.change(change, "ann", "a test");
    }

    @Test
    void itIsRefusedWhileNobodyHasItsPlan() {
        assertThatThrownBy(() -> change(new RolloutChange.Promote(OTHER, true)))
                .isInstanceOf(RolloutRefusedException.class)
                .hasMessageContaining(Models.OTHER_PLAN.fingerprint())
                .hasMessageContaining("nor in the lake");
    }

    @Test
    void itIsNeitherShadowNorCanaryAndIsPromotedByForceOnly() throws IOException {
        PlanFiles.save(lake, Models.OTHER_PLAN);
        assertThatThrownBy(() -> change(new RolloutChange.Shadow(OTHER)))
                .hasMessageContaining("promote it with --force");
        assertThatThrownBy(() -> change(new RolloutChange.Canary(OTHER, 0.1)))
                .hasMessageContaining("another feature plan");
        assertThatThrownBy(() -> change(new RolloutChange.Promote(OTHER, false)))
                .isInstanceOfSatisfying(
                        RolloutRefusedException.class,
                        refused -> assertThat(refused.byGate()).isTrue())
                .hasMessageContaining("another feature plan");
        change(new RolloutChange.Promote(OTHER, true));
        assertThat(desk.current().champion()).isEqualTo(OTHER);
        change(new RolloutChange.Rollback(null));
        assertThat(desk.current().champion()).isNotEqualTo(OTHER);
    }

    @Test
    void aChallengerOfTheFormerPlanIsComparedNoMore() throws IOException {
        PlanFiles.save(lake, Models.OTHER_PLAN);
        String second = MODELS.versions().get(1);
        new ModelFiles(lake, Models.PLAN.name()).save(MODELS.load(second));
        change(new RolloutChange.Shadow(second));
        change(new RolloutChange.Promote(OTHER, true));
        assertThat(desk.current().champion()).isEqualTo(OTHER);
        assertThat(desk.current().challenger()).isNull();
        assertThat(desk.current().last().reason()).contains("another feature plan");
        assertThat(desk.current().championSince().modelVersion()).isEqualTo(OTHER);
    }
}
