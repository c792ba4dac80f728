package io.outrider.core.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import org.junit.jupiter.api.Test;

class DecisionStateTest {

    private final DecisionState state = new DecisionState();

    @Test
    void theLastTenTransactionsAreKeptNewestFirst() {
        for (int i = 0; i < 25; i++) {
            state.record(scored("t" + i, i));
        }
        assertThat(state.recent()).hasSize(10);
        assertThat(state.recent())
                .extracting(ScoredTransaction::transactionId)
                .startsWith("t24", "t23")
                .endsWith("t15");
    }

    @Test
    void anEpisodeKeepsItsFirstAlertsIdAndCountsItsAlerts() {
        assertThat(state.episodeId()).isNull();
        state.openEpisode("first", 100);
        state.continueEpisode(300);
        state.continueEpisode(200);
        assertThat(state.episodeId()).isEqualTo("first");
        assertThat(state.lastAlertTimeMs()).isEqualTo(300);
        assertThat(state.episodeAlerts()).isEqualTo(3);
        state.openEpisode("second", 900);
        assertThat(state.episodeAlerts()).isEqualTo(1);
        assertThat(state.episodes()).isEqualTo(2);
    }

    @Test
    void longTextsAreCutAndNeverWithinACharacter() {
        state.record(new ScoredTransaction("x".repeat(63) + "😀tail", 1, 2, "m".repeat(300), 0.5, null, false));
        ScoredTransaction kept = state.recent().get(0);
        assertThat(kept.transactionId()).isEqualTo("x".repeat(63));
        assertThat(kept.merchant()).isEqualTo("m".repeat(64));
        assertThat(decoded()).isEqualTo(state);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(decoded()).isEqualTo(state);
        state.record(scored("a", -5));
        state.record(new ScoredTransaction("b", Long.MAX_VALUE, 1 / 3.0, null, 1, "alert", false));
        state.record(new ScoredTransaction("r", 4, 5, null, 0.5, null, true));
        state.record(new ScoredTransaction("3f2504e0-4f89-11d3-9a0c-0305e82c3302", 4, 5, null, 0.5, null, true));
        state.record(scored("3F2504E0-4F89-11D3-9A0C-0305E82C3301", 1));
        state.record(scored("3f2504e0-4f89-11d3-9a0c-0305e82c3301", 2));
        state.record(scored("3f2504e0-4f89-11d3-9a0c-0305e82c330x", 3));
        state.openEpisode("e", 7);
        assertThat(decoded()).isEqualTo(state);
        assertThat(decoded().recent()).isEqualTo(state.recent());
    }

    @Test
    void aCopyIsIndependent() {
        state.record(scored("a", 1));
        state.openEpisode("e", 1);
        DecisionState copy = state.copy();
        assertThat(copy).isEqualTo(state);
        copy.record(scored("b", 2));
        copy.continueEpisode(5);
        assertThat(state.recent()).hasSize(1);
        assertThat(state.episodeAlerts()).isEqualTo(1);
    }

    @Test
    void anotherVersionIsRefused() {
        assertThatThrownBy(() -> DecisionState.read(new StateReader(new byte[] {7, 0, 0})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 7");
    }

    @Test
    void aStateWrittenBeforeThereWasAReviewSampleIsRead() {
        state.record(scored("a", 1));
        byte[] bytes = written();
        bytes[0] = 1;
        assertThat(DecisionState.read(new StateReader(bytes))).isEqualTo(state);
    }

    private byte[] written() {
        var out = new StateWriter();
        state.write(out);
        return out.toBytes();
    }

    private DecisionState decoded() {
        var in = new StateReader(written());
        DecisionState decoded = DecisionState.read(in);
        in.end();
        return decoded;
    }

    private static ScoredTransaction scored(String id, long timeMs) {
        return new ScoredTransaction(id, timeMs, 12.34, "m", 0.25, null, false);
    }
}
