package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.port.Backtests;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.NodeCounts;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.RolloutCounts;
import io.outrider.core.rollout.ScoreBins;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import io.outrider.lake.blob.FolderBlobStore;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import io.outrider.lake.rollout.RolloutFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A lake with a champion and a model beside it, whose rollout is watched; promotion is automatic. */
abstract class WatchedRollout {

    static final Models MODELS = new Models(Models.history(), List.of(0.02, 0.05));
    static final String CHAMPION = MODELS.versions().get(0);
    static final String NEXT = MODELS.versions().get(1);
    static final Model LATER = trainedUntil(Instant.ofEpochSecond(10 * 86_400));

    static final long EVENTS = 5_000;
    static final long USUAL_ALERTS = 100;

    @TempDir
    Path folder;

    final Time time = new Time();
    final List<RolloutCounts> counted = new ArrayList<>();
    final LiveMetrics metrics = new LiveMetrics();
    final AskedRuns runs = new AskedRuns(Backtests.KIND);
    Optional<Backtesting.Version> dataset = Optional.empty();
    FolderBlobStore lake;
    ModelFiles files;
    RolloutDesk desk;
    RolloutWatch watch;

    @BeforeEach
    void open() throws IOException {
        lake = new FolderBlobStore(folder);
        files = new ModelFiles(lake, Models.PLAN.name());
        files.save(MODELS.load(CHAMPION));
        assertThat(new StageFile(lake, Models.PLAN.name()).readOrBegin(files, time))
                .isPresent();
        files.save(MODELS.load(NEXT));
        use("promotion = automatic");
    }

    /** @param rollout settings below {@code outrider.rollout} */
    final void use(String rollout) {
        RolloutSettings settings =
                RolloutSettings.from(ConfigFactory.parseString("outrider.rollout { " + rollout + " }")
                        .withFallback(ConfigFactory.load()));
        desk = new RolloutDesk(lake, Models.PLAN, settings, null, time);
        watch = new RolloutWatch(desk, settings, new Backtesting(runs, () -> dataset), metrics, time);
    }

    void change(RolloutChange change) throws IOException {
        desk.change(change, "ann", "a test");
    }

    ModelStages stages() throws IOException {
        return desk.current();
    }

    /** A node tells of a context, besides what it has told before. */
    void told(
            ContextRef context,
            RolloutCounts.Decided champion,
            RolloutCounts.Decided canary,
            RolloutCounts.Shadow shadow)
            throws IOException {
        long now = time.millis();
        counted.add(new RolloutCounts(context, now, now, champion, canary, shadow));
        new RolloutFiles(lake, Models.PLAN.name())
                .put(new NodeCounts("a-node", now, NodeCounts.Health.NONE, List.copyOf(counted)));
    }

    static RolloutCounts.Decided none() {
        return new RolloutCounts.Decided(0, new long[ScoreBins.COUNT]);
    }

    static RolloutCounts.Decided decided(long alerts) {
        long[] scores = new long[ScoreBins.COUNT];
        scores[3] = EVENTS;
        return new RolloutCounts.Decided(alerts, scores);
    }

    /** A challenger that passes the gate. */
    static RolloutCounts.Shadow compared() {
        return shadow(USUAL_ALERTS);
    }

    static RolloutCounts.Shadow shadow(long alerts) {
        long[] joint = new long[ScoreBins.COUNT * ScoreBins.COUNT];
        for (int i = 0; i < 10 && alerts > 0; i++) {
            joint[i * ScoreBins.COUNT + i] = EVENTS / 10;
        }
        return new RolloutCounts.Shadow(alerts, 0, 0, joint);
    }

    static Model trainedUntil(Instant end) {
        try {
            return until(MODELS.load(NEXT), end);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same model of a later history. */
    static Model until(Model model, Instant end) {
        ModelManifest known = model.manifest();
        ModelManifest.Origin origin = new ModelManifest.Origin(
                "test", 1, Instant.EPOCH, end, known.origin().rows(), Map.of());
        return Model.of(
                model.fused(), new Model.Decided(known.plan(), known.calibration(), known.policy(), origin, Map.of()));
    }

    static String version(Model model) {
        return model.manifest().version();
    }

    /** Goes on where it is told to. */
    static final class Time extends Clock {

        private Instant now = Instant.parse("2026-04-01T12:00:00Z");

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(@Nullable ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
