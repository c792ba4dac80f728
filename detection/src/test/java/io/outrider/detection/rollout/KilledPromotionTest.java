package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.Model;
import io.outrider.core.rollout.ModelStages;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.detection.Models;
import io.outrider.detection.protocol.FaultyLake;
import io.outrider.lake.model.ModelFiles;
import io.outrider.lake.model.StageFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A process that is killed at any call to the lake on a model's way from its registration to the champion's place and back. Stages and
 * audit trail are one document, replaced conditionally, so there is no moment at which one tells what the other does not.
 */
class KilledPromotionTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T12:00:00Z"), ZoneOffset.UTC);
    private static final RolloutSettings SETTINGS = RolloutSettings.from(ConfigFactory.load());

    private final Models trained = new Models(Models.history(), List.of(0.02, 0.05));
    private final Model champion = model(0);
    private final Model next = model(1);

    private int calls;
    private int diesAt = Integer.MAX_VALUE;
    private boolean dead;

    /** Fails at a call (before or after its effect, as the lake has it) and at all that follow. */
    private boolean dies() {
        dead = dead || calls++ == diesAt;
        return dead;
    }

    @Test
    void whereverItIsKilledStagesAndAuditAgreeAndTheSameChangesDoneAgainSucceed() throws IOException {
        int whole = callsOfAll();
        List<Long> revisions = new ArrayList<>();
        for (int at = 0; at < whole; at++) {
            FaultyLake lake = new FaultyLake(this::dies);
            begin(lake);
            calls = 0;
            diesAt = at;
            int made = 0;
            boolean failed = false;
            try {
                for (; made < changes().size(); made++) {
                    changeOrRegister(lake, made);
                }
            } catch (IOException e) {
                failed = true;
            }
            assertThat(failed).as("killed at call " + at).isTrue();
            diesAt = Integer.MAX_VALUE;
            dead = false;

            assertConsistent(lake, made);
            revisions.add(stages(lake).revision());
            finish(lake);
            assertThat(stages(lake).champion()).isEqualTo(version(champion));
            assertThat(stages(lake).archived()).contains(version(next));
        }
        System.out.println("killed at each of " + whole + " calls, revisions found: " + revisions);
        assertThat(revisions).contains(1L, 2L, 3L, 4L, 5L);
    }

    private int callsOfAll() throws IOException {
        FaultyLake lake = new FaultyLake(this::dies);
        begin(lake);
        calls = 0;
        for (int i = 0; i < changes().size(); i++) {
            changeOrRegister(lake, i);
        }
        return calls;
    }

    /** The way of a model: registered, compared, canary, champion, rolled back. */
    private List<Optional<RolloutChange>> changes() {
        return List.of(
                Optional.empty(),
                Optional.of(new RolloutChange.Shadow(version(next))),
                Optional.of(new RolloutChange.Canary(version(next), 0.1)),
                Optional.of(new RolloutChange.Promote(version(next), true)),
                Optional.of(new RolloutChange.Rollback(null)));
    }

    private void changeOrRegister(FaultyLake lake, int step) throws IOException {
        Optional<RolloutChange> change = changes().get(step);
        if (change.isEmpty()) {
            new ModelFiles(lake, Models.PLAN.name()).save(next);
        } else {
            desk(lake).change(change.get(), "ann", "a test");
        }
    }

    /** Each step that was reported done is there, and at most the one that was under way besides. */
    private void assertConsistent(FaultyLake lake, int made) throws IOException {
        ModelFiles models = new ModelFiles(lake, Models.PLAN.name());
        for (String version : models.versions()) {
            assertThat(models.load(version).manifest().version()).isEqualTo(version);
        }
        ModelStages stages = stages(lake);
        assertThat(stages.revision()).isBetween(Math.max(1L, made), made + 1L);
        assertThat(stages.audit()).hasSize((int) stages.revision());
        assertThat(stages.last().revision()).isEqualTo(stages.revision());
        assertThat(models.versions()).contains(stages.champion());
        switch ((int) stages.revision()) {
            case 1 -> assertThat(stages.challenger()).isNull();
            case 2 -> assertThat(stages.challenger()).isEqualTo(version(next));
            case 3 -> assertThat(stages.canary()).isNotNull();
            case 4 -> assertThat(stages.champion()).isEqualTo(version(next));
            default -> assertThat(stages.champion()).isEqualTo(version(champion));
        }
        assertThat(desk(lake).view().stages()).as("what a new process shows").isEqualTo(stages);
    }

    /** What somebody does who finds the stages as they are: what is missing, in order. */
    private void finish(FaultyLake lake) throws IOException {
        changeOrRegister(lake, 0);
        for (int step = (int) stages(lake).revision(); step < changes().size(); step++) {
            changeOrRegister(lake, step);
        }
    }

    private void begin(FaultyLake lake) throws IOException {
        diesAt = Integer.MAX_VALUE;
        dead = false;
        ModelFiles models = new ModelFiles(lake, Models.PLAN.name());
        models.save(champion);
        var unused = new StageFile(lake, Models.PLAN.name())
                .readOrBegin(models, CLOCK)
                .orElseThrow();
    }

    private static ModelStages stages(FaultyLake lake) throws IOException {
        return new StageFile(lake, Models.PLAN.name()).read().orElseThrow();
    }

    private static RolloutDesk desk(FaultyLake lake) {
        return new RolloutDesk(lake, Models.PLAN, SETTINGS, null, CLOCK);
    }

    private static String version(Model model) {
        return model.manifest().version();
    }

    private Model model(int number) {
        try {
            return trained.load(trained.versions().get(number));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
