package io.outrider.training.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.feature.FeaturePlan;
import io.outrider.training.fit.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFoldTest {

    private static final String HEADER = "transaction_id,user_id,amount,timestamp,merchant_id\n";
    private static final FeaturePlan PLAN = FeaturePlan.named("transactions");

    @TempDir
    Path directory;

    private HistoryFold.Outcome fold(String... rows) throws IOException {
        Path file = Files.writeString(directory.resolve("history.csv"), HEADER + String.join("\n", rows) + "\n");
        return HistoryFold.of(List.of(file), PLAN, Progress.NONE);
    }

    @Test
    void countsAndAddsUpEachAccount() throws IOException {
        HistoryFold.Outcome outcome = fold(
                "1,b,0.25,2026-01-01T00:00:00Z,m",
                "2,a,0.5,2026-01-01T00:00:01Z,m",
                "3,b,0.125,2026-01-02T00:00:00Z,m",
                "4,b,minus,2026-01-02T00:00:01Z,m");
        assertThat(outcome.events()).isEqualTo(3);
        assertThat(outcome.rejected()).isEqualTo(1);
        assertThat(outcome.amountTotal()).isEqualTo(0.875);
        assertThat(outcome.accounts()).extracting(FoldedAccount::account).containsExactly("a", "b");
        FoldedAccount b = outcome.accounts().get(1);
        assertThat(b.events()).isEqualTo(2);
        assertThat(b.amountTotal()).isEqualTo(0.375);
        assertThat(b.toJson())
                .isEqualTo("{\"account\":\"b\",\"events\":2,\"amountTotal\":0.375,"
                        + "\"firstEventAt\":\"2026-01-01T00:00:00Z\",\"lastEventAt\":\"2026-01-02T00:00:00Z\","
                        + "\"stateHash\":\"" + b.stateHash() + "\"}");
        assertThat(outcome.toJson()).contains("\"accounts\" : 2", "\"events\" : 3", outcome.stateHash());
    }

    @Test
    void theHashDependsOnEachAccountsOrderAlone() throws IOException {
        String a1 = "1,a,5,2026-01-01T00:00:00Z,m";
        String a2 = "2,a,6,2026-01-01T00:00:00Z,m";
        String b = "3,b,7,2026-01-01T00:00:00Z,m";
        String hash = fold(a1, a2, b).stateHash();
        assertThat(fold(b, a1, a2).stateHash()).isEqualTo(hash);
        assertThat(fold(a1, b, a2).stateHash()).isEqualTo(hash);
        assertThat(fold(a2, a1, b).stateHash()).isNotEqualTo(hash);
        assertThat(fold(a1, b).stateHash()).isNotEqualTo(hash);
    }
}
