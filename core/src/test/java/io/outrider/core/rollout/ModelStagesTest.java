package io.outrider.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.rollout.StageEntry.Action;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ModelStagesTest {

    private static final Requested ASKED = new Requested("ann", Instant.EPOCH, "a test");

    private final ModelStages first = ModelStages.begin("m1", ASKED);

    @Test
    void aPromotedModelIsInForceAndTheOneBeforeIsKeptToGoBackTo() {
        ModelStages promoted =
                first.shadow("m2", ASKED).canary(new Canary("m2", 0.1), ASKED).promote("m2", false, ASKED);
        assertThat(promoted.context(7)).isEqualTo(new ContextRef("m2", 7));
        assertThat(promoted.stageOf("m1")).isEqualTo("archived");
        assertThat(promoted.championSince().action()).isEqualTo(Action.PROMOTE);

        ModelStages back = promoted.rollback(ASKED);
        assertThat(back.context(7)).isEqualTo(new ContextRef("m1", 7));
        assertThat(back.stageOf("m2")).isEqualTo("archived");
        assertThat(back.championSince().action()).isEqualTo(Action.ROLLBACK);
        assertThatThrownBy(() -> back.rollback(ASKED)).hasMessageContaining("no model to go back to");
    }

    @Test
    void aRunningCanaryIsWhatIsRolledBack() {
        ModelStages running = first.promote("m2", true, ASKED).canary(new Canary("m3", 0.25), ASKED);
        assertThat(running.context(0)).isEqualTo(new ContextRef("m2", 0, null, new Canary("m3", 0.25)));
        ModelStages ended = running.rollback(ASKED);
        assertThat(ended.context(0)).isEqualTo(new ContextRef("m2", 0));
        assertThat(ended.stageOf("m3")).isEqualTo("archived");
        assertThat(ended.championSince().action()).as("it has not changed").isEqualTo(Action.FORCE);
    }

    @Test
    void aRollbackThatNamesAnotherModelThanTheOneThatWouldGoIsRefused() {
        ModelStages promoted = first.promote("m2", true, ASKED).promote("m3", true, ASKED);
        assertThat(promoted.rollback("m3", ASKED)).isEqualTo(promoted.rollback(ASKED));
        ModelStages byTheBreaker = promoted.takeOut("m3", ASKED);
        assertThatThrownBy(() -> byTheBreaker.rollback("m3", ASKED))
                .hasMessage("a rollback would take the champion, m2, out of force, and not model m3");
        ModelStages running = promoted.canary(new Canary("m4", 0.25), ASKED);
        assertThat(running.rollback("m4", ASKED)).isEqualTo(running.rollback(ASKED));
        assertThatThrownBy(() -> running.rollback("m3", ASKED)).hasMessageContaining("the canary, m4");
    }

    @Test
    void aCanaryThatIsNamedIsNoChallengerEither() {
        ModelStages both = first.shadow("m2", ASKED).canary(new Canary("m2", 0.1), ASKED);
        assertThat(both.rollback(ASKED).challenger())
                .as("a person ends the canary and goes on comparing")
                .isEqualTo("m2");
        ModelStages out = both.takeOut("m2", ASKED);
        assertThat(out.context(0)).isEqualTo(new ContextRef("m1", 0));
        assertThat(out.archived()).containsExactly("m2");
        assertThat(out.championSince().action()).isEqualTo(Action.BEGIN);
        assertThat(first.shadow("m3", ASKED)
                        .canary(new Canary("m2", 0.1), ASKED)
                        .takeOut("m2", ASKED)
                        .challenger())
                .as("of another model")
                .isEqualTo("m3");
    }

    @Test
    void aChampionThatIsNamedGoesAndTheCanaryThatWasComparedWithItEnds() {
        ModelStages running = first.promote("m2", true, ASKED).canary(new Canary("m3", 0.25), ASKED);
        ModelStages back = running.takeOut("m2", ASKED);
        assertThat(back.context(0)).isEqualTo(new ContextRef("m1", 0));
        assertThat(back.archived()).containsExactly("m2", "m3");
        assertThat(back.last().modelVersion()).isEqualTo("m2");
        assertThat(back.championSince()).isEqualTo(back.last());
        assertThat(running.promote("m1", true, ASKED)
                        .canary(new Canary("m2", 0.1), ASKED)
                        .takeOut("m1", ASKED)
                        .context(0))
                .as("the canary is what is gone back to")
                .isEqualTo(new ContextRef("m2", 0));
        assertThatThrownBy(() -> running.takeOut("m4", ASKED))
                .hasMessage("model m4 is registered, so that it cannot be taken out of force");
        assertThatThrownBy(() -> first.takeOut("m1", ASKED)).hasMessageContaining("no model to go back to");
    }

    @Test
    void aComparisonBeginsWithTheChallengerOrTheChampionWhicheverCameLast() {
        Requested later = new Requested("ann", Instant.ofEpochSecond(60), "a test");
        Requested last = new Requested("ann", Instant.ofEpochSecond(90), "a test");
        ModelStages compared = first.shadow("m2", later);
        assertThat(compared.comparedSince()).isEqualTo(later.at());
        assertThat(compared.canary(new Canary("m3", 0.1), last).comparedSince()).isEqualTo(later.at());
        assertThat(compared.promote("m3", true, last).comparedSince()).isEqualTo(last.at());
    }

    @Test
    void everyChangeIsANewRevisionAndLeavesWhoWhenAndWhy() {
        ModelStages stages = first.shadow("m2", new Requested("bob", Instant.ofEpochSecond(9), "looks better"));
        assertThat(stages.revision()).isEqualTo(2);
        assertThat(stages.audit()).hasSize(2);
        assertThat(stages.last())
                .isEqualTo(
                        new StageEntry(2, Instant.ofEpochSecond(9), "bob", Action.SHADOW, "m2", null, "looks better"));
        assertThat(stages.shadow(null, ASKED).challenger()).isNull();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> first.promote("m1", true, ASKED)).hasMessage("model m1 is champion already");
        assertThatThrownBy(() -> first.shadow("m1", ASKED)).hasMessage("model m1 is champion already");
        assertThatThrownBy(() -> first.shadow(null, ASKED)).hasMessage("there is no challenger");
        assertThatThrownBy(() -> first.canary(new Canary("m1", 0.5), ASKED)).hasMessageContaining("champion");
        assertThatThrownBy(() -> new Canary("m2", 1)).hasMessageContaining("share");
        assertThatThrownBy(() -> new Requested(" ", Instant.EPOCH, "why")).hasMessage("by must not be empty");
    }

    @Test
    void aCanaryTakesItsShareOfTheAccountsAndALargerOneKeepsThem() {
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            String account = "account-" + i;
            boolean small = new Canary("m2", 0.1).takes(account);
            assertThat(!small || new Canary("m2", 0.2).takes(account)).isTrue();
            taken += small ? 1 : 0;
        }
        assertThat(taken).isBetween(1_850, 2_150);
    }
}
