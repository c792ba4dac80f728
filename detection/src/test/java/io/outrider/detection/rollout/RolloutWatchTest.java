package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.Model;
import io.outrider.core.rollout.RolloutChange;
import io.outrider.core.rollout.StageEntry;
import io.outrider.core.rollout.StageEntry.Action;
import io.outrider.detection.Models;
import io.outrider.lake.model.PlanFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the watch does by itself where promotion is automatic, and whom the breaker sends back. */
class RolloutWatchTest extends WatchedRollout {

    private static final Model LATEST = trainedUntil(Instant.ofEpochSecond(20 * 86_400));

    @Test
    void aCanaryThatTheBreakerSendsBackIsNoChallengerEither() throws IOException {
        change(new RolloutChange.Shadow(NEXT));
        change(new RolloutChange.Canary(NEXT, 0.1));
        watch.look();
        told(new ContextRef(CHAMPION, 0, NEXT, null), none(), none(), compared());
        told(new ContextRef(CHAMPION, 0, NEXT, new Canary(NEXT, 0.1)), none(), decided(EVENTS), compared());
        watch.look();
        assertThat(stages().last().by()).isEqualTo("the breaker");
        assertThat(stages().canary()).isNull();
        assertThat(stages().challenger()).isNull();
        assertThat(stages().stageOf(NEXT)).isEqualTo("archived");

        time.pass(Duration.ofDays(1));
        watch.look();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
    }

    @Test
    void whileACanaryRunsNothingIsPromotedByItselfNorWhatAPersonHasSentBack() throws IOException {
        change(new RolloutChange.Shadow(NEXT));
        change(new RolloutChange.Canary(NEXT, 0.1));
        told(
                new ContextRef(CHAMPION, 0, NEXT, new Canary(NEXT, 0.1)),
                decided(USUAL_ALERTS),
                decided(USUAL_ALERTS),
                compared());
        time.pass(Duration.ofDays(1));
        watch.look();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
        assertThat(stages().canary()).isNotNull();

        change(new RolloutChange.Rollback(null));
        watch.look();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
        assertThat(stages().challenger())
                .as("it may be compared on, as it always could")
                .isEqualTo(NEXT);
    }

    @Test
    void aModelThatIsChallengerAndCanaryMustPassAsBoth() throws IOException {
        change(new RolloutChange.Shadow(NEXT));
        ContextRef challenger = new ContextRef(CHAMPION, 0, NEXT, null);
        ContextRef both = new ContextRef(CHAMPION, 0, NEXT, new Canary(NEXT, 0.1));
        told(challenger, decided(USUAL_ALERTS), none(), compared());
        change(new RolloutChange.Canary(NEXT, 0.1));
        assertThatThrownBy(() -> change(new RolloutChange.Promote(NEXT, false)))
                .hasMessageContaining("as the canary it has decided 0 transactions, and 1000 are wanted")
                .hasMessageEndingWith("ask again in 5 s");
        assertThat(desk.view().canaryGate()).isEqualTo(desk.view().gate());
        told(both, none(), decided(EVENTS), compared());
        assertThatThrownBy(() -> change(new RolloutChange.Promote(NEXT, false)))
                .hasMessageContaining("as the canary it has raised 5000 alerts on 5000 transactions");
        counted.clear();
        told(both, none(), decided(USUAL_ALERTS), shadow(0));
        assertThatThrownBy(() -> change(new RolloutChange.Promote(NEXT, false)))
                .hasMessageContaining("has scored 0 transactions beside the champion");
        told(challenger, none(), none(), compared());
        change(new RolloutChange.Promote(NEXT, false));
        assertThat(stages().champion()).isEqualTo(NEXT);
    }

    @Test
    void theBreakerOnTheChampionTakesTheChampionOutAndEndsTheCanaryWithIt() throws IOException {
        files.save(LATER);
        change(new RolloutChange.Promote(NEXT, true));
        change(new RolloutChange.Canary(version(LATER), 0.1));
        watch.look();
        told(new ContextRef(NEXT, 0, null, new Canary(version(LATER), 0.1)), decided(EVENTS), none(), shadow(0));
        watch.look();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
        assertThat(stages().canary()).isNull();
        assertThat(stages().archived()).contains(NEXT, version(LATER));
        StageEntry entry = stages().last();
        assertThat(entry.by()).isEqualTo("the breaker");
        assertThat(entry.action()).isEqualTo(Action.ROLLBACK);
        assertThat(entry.modelVersion()).isEqualTo(NEXT);
        assertThat(stages().championSince()).isEqualTo(entry);
    }

    @Test
    void aNewlyTrainedModelIsComparedAndPromotedByItself() throws IOException {
        watch.look();
        assertThat(stages().challenger())
                .as("trained on the same days as the champion")
                .isNull();
        files.save(LATER);
        files.save(LATEST);
        watch.look();
        String latest = version(LATEST);
        assertThat(stages().challenger()).isEqualTo(latest);
        assertThat(stages().last().by()).isEqualTo("the rollout watch");

        told(new ContextRef(CHAMPION, 0, latest, null), decided(USUAL_ALERTS), none(), compared());
        time.pass(Duration.ofMinutes(9));
        watch.look();
        assertThat(stages().champion()).as("it is too early").isEqualTo(CHAMPION);
        time.pass(Duration.ofMinutes(1));
        watch.look();
        assertThat(stages().champion()).isEqualTo(latest);
        assertThat(stages().last().by()).isEqualTo("the gate");

        time.pass(Duration.ofDays(1));
        watch.look();
        assertThat(stages().challenger()).as("older than the champion").isNull();
    }

    @Test
    void aDamagedModelKeepsNoOtherFromBeingCompared() throws IOException {
        files.save(LATER);
        lake.put("models/" + Models.PLAN.name() + "/20300101-000000000000/manifest.json", new byte[] {'{'});
        watch.look();
        assertThat(stages().challenger()).isEqualTo(version(LATER));
    }

    @Test
    void aPersonNeedNotWait() throws IOException {
        change(new RolloutChange.Shadow(NEXT));
        told(new ContextRef(CHAMPION, 0, NEXT, null), decided(USUAL_ALERTS), none(), compared());
        change(new RolloutChange.Promote(NEXT, false));
        assertThat(stages().champion()).isEqualTo(NEXT);
    }

    @Test
    void whatSomebodyEndedIsNotBegunAgain() throws IOException {
        files.save(LATER);
        watch.look();
        assertThat(stages().challenger()).isEqualTo(version(LATER));
        change(new RolloutChange.Shadow(null));
        watch.look();
        assertThat(stages().challenger()).isNull();
    }

    @Test
    void aChampionThatTheBreakerSentBackIsNotComparedAgainByItself() throws IOException {
        files.save(LATER);
        change(new RolloutChange.Promote(version(LATER), true));
        watch.look();
        told(new ContextRef(version(LATER), 0), decided(EVENTS), none(), shadow(0));
        watch.look();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
        watch.look();
        assertThat(stages().challenger()).isNull();
    }

    @Test
    void noModelOfAnotherPlanIsCompared() throws IOException {
        PlanFiles.save(lake, Models.OTHER_PLAN);
        Models others = new Models(Models.history());
        Model other = others.load(others.add(Models.OTHER_PLAN, Models.history()));
        files.save(until(other, Instant.ofEpochSecond(30 * 86_400)));
        watch.look();
        assertThat(stages().challenger()).isNull();
    }

    @Test
    void whatIsManualWaitsForAPerson() throws IOException {
        use("promotion = manual");
        files.save(LATER);
        watch.look();
        assertThat(stages().challenger()).isNull();
        change(new RolloutChange.Shadow(version(LATER)));
        told(new ContextRef(CHAMPION, 0, version(LATER), null), decided(USUAL_ALERTS), none(), compared());
        time.pass(Duration.ofDays(1));
        watch.look();
        assertThat(stages().champion()).isEqualTo(CHAMPION);
    }

    @Test
    void aChallengerThatTheGateKeepsRefusingIsGivenUpSoThatTheNextIsCompared() throws IOException {
        files.save(LATER);
        watch.look();
        told(new ContextRef(CHAMPION, 0, version(LATER), null), decided(USUAL_ALERTS), none(), shadow(EVENTS));
        time.pass(Duration.ofDays(7).minusSeconds(1));
        watch.look();
        assertThat(stages().challenger()).isEqualTo(version(LATER));
        files.save(LATEST);
        time.pass(Duration.ofSeconds(1));
        watch.look();
        assertThat(stages().challenger()).isNull();
        assertThat(stages().stageOf(version(LATER))).isEqualTo("archived");
        assertThat(stages().championSince()).isEqualTo(stages().audit().get(0));
        StageEntry entry = stages().last();
        assertThat(entry.by()).isEqualTo("the rollout watch");
        assertThat(entry.action()).isEqualTo(Action.END_SHADOW);
        assertThat(entry.modelVersion()).isEqualTo(version(LATER));
        assertThat(entry.reason())
                .startsWith("refused by the gate for 168 h: it would have raised 5000 alerts on 5000 transactions");
        assertThat(metrics.challengersGivenUp.sum()).isOne();

        watch.look();
        assertThat(stages().challenger()).isEqualTo(version(LATEST));
        time.pass(Duration.ofDays(6));
        watch.look();
        assertThat(stages().challenger()).as("its own time has begun").isEqualTo(version(LATEST));
    }

    @Test
    void aChallengerStaysForEverWhereThatIsAskedForOrAPersonDecides() throws IOException {
        change(new RolloutChange.Shadow(NEXT));
        for (String rollout : List.of("promotion = automatic, gate.give-up-after = 0 s", "promotion = manual")) {
            use(rollout);
            time.pass(Duration.ofDays(100));
            watch.look();
            assertThat(stages().challenger()).isEqualTo(NEXT);
        }
    }

    @Test
    void aChallengerIsNotGivenUpBeforeTheGateCanPassIt() {
        for (String gate : List.of("min-duration = 7 d", "min-backtest-days = 7", "give-up-after = -1 s")) {
            assertThatThrownBy(() -> use("gate { " + gate + " }"))
                    .hasMessageStartingWith("outrider.rollout.gate.give-up-after: must be longer than");
        }
    }

    @Test
    void aDurationBelowZeroIsRefusedByName() {
        assertThatThrownBy(() ->
                        RolloutSettings.from(ConfigFactory.parseString("outrider.rollout.gate.min-duration = -1 s")
                                .withFallback(ConfigFactory.load())))
                .hasMessage("outrider.rollout.gate.min-duration: must not be negative: PT-1S");
    }
}
