package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.ContextRef;
import io.outrider.core.rollout.NodeCounts;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutCounts;
import io.outrider.core.rollout.RolloutRefusedException;
import io.outrider.core.rollout.ScoreBins;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.rollout.RolloutFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A promotion asked for before any node can have told how the model does. */
class EarlyPromotionTest {

    private static final Models MODELS = new Models(Models.history(), List.of(0.02, 0.05));
    private static final String CHAMPION = MODELS.versions().get(0);
    private static final String NEXT = MODELS.versions().get(1);
    private static final Instant START = Instant.parse("2026-04-01T12:00:00Z");
    private static final RolloutSettings SETTINGS = RolloutSettings.from(ConfigFactory.load());

    @TempDir
    Path folder;

    private FolderBlobStore lake;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        ModelFiles files = new ModelFiles(lake, Models.PLAN.name());
        files.save(MODELS.load(CHAMPION));
        assertThat(new StageFile(lake, Models.PLAN.name()).readOrBegin(files, at(0)))
                .isPresent();
        files.save(MODELS.load(NEXT));
    }

    @Test
    void aChallengerThatNoNodeHasToldOfIsRefusedForTheMomentOnly() throws IOException {
        desk(0).change(new RolloutChange.Shadow(NEXT), "ann", "a test");
        RolloutRefusedException early = promotion(2);
        assertThat(early.byGate()).isTrue();
        assertThat(early.retryAfter()).isEqualTo(SETTINGS.publishInterval());
        assertThat(early)
                .hasMessageContaining("has scored 0 transactions beside the champion, and 1000 are wanted")
                .hasMessageEndingWith("ask again in 5 s");

        assertThat(promotion(60).retryAfter())
                .as("by then a node would have told")
                .isNull();
    }

    @Test
    void whatNodesHaveToldIsJudgedAtOnce() throws IOException {
        desk(0).change(new RolloutChange.Shadow(NEXT), "ann", "a test");
        told(new ContextRef(CHAMPION, 0, NEXT, null), 10);
        RolloutRefusedException refused = promotion(2);
        assertThat(refused.retryAfter()).isNull();
        assertThat(refused).hasMessageEndingWith("has scored 10 transactions beside the champion, and 1000 are wanted");
    }

    @Test
    void aCanaryIsNoOther() throws IOException {
        desk(0).change(new RolloutChange.Canary(NEXT, 0.1), "ann", "a test");
        assertThat(promotion(2).retryAfter()).isNotNull();
        assertThat(promotion(60).retryAfter()).isNull();
    }

    @Test
    void aModelThatIsNeitherIsNotWaitedFor() {
        assertThat(promotion(2))
                .hasMessageContaining("not the challenger")
                .satisfies(refused -> assertThat(refused.retryAfter()).isNull());
    }

    private RolloutRefusedException promotion(int second) {
        return catchThrowableOfType(
                RolloutRefusedException.class,
                () -> desk(second).change(new RolloutChange.Promote(NEXT, false), "ann", "a test"));
    }

    private void told(ContextRef context, int events) throws IOException {
        long[] joint = new long[ScoreBins.COUNT * ScoreBins.COUNT];
        joint[0] = events;
        RolloutCounts.Decided none = new RolloutCounts.Decided(0, new long[ScoreBins.COUNT]);
        long now = at(1).millis();
        RolloutCounts counts =
                new RolloutCounts(context, now, now, none, none, new RolloutCounts.Shadow(0, 0, 0, joint));
        new RolloutFiles(lake, Models.PLAN.name())
                .put(new NodeCounts("a-node", now, NodeCounts.Health.NONE, List.of(counts)));
    }

    private RolloutDesk desk(int second) {
        return new RolloutDesk(lake, Models.PLAN, SETTINGS, null, at(second));
    }

    private static Clock at(int second) {
        return Clock.fixed(START.plusSeconds(second), ZoneOffset.UTC);
    }
}
