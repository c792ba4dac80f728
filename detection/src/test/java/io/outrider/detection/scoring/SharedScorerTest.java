package io.outrider.detection.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.decision.ScoredEvents;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import io.outrider.core.risk.MerchantRisk;
import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.detection.Models;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What stays loaded. */
class SharedScorerTest {

    private static final Models MODELS = new Models(
            IntStream.range(0, 300)
                    .mapToObj(i -> new Transaction(
                            "t" + i,
                            "a" + i % 7,
                            i % 50,
                            1_700_000_000_000L + i * 1_000L,
                            null,
                            null,
                            null,
                            null,
                            null))
                    .toList(),
            List.of(0.02, 0.05));

    private final List<Long> tables = new ArrayList<>();
    private final SharedScorer scorer = new SharedScorer(
            Models.PLAN,
            MODELS,
            version -> {
                tables.add(version);
                return MerchantRisk.NONE;
            },
            ScoredEvents.OFF,
            new LiveMetrics());

    @Test
    void fourMerchantRiskTablesStayHoweverManyModelsDecideWithEach() throws IOException {
        for (long version = 1; version <= 4; version++) {
            scorer.load(context(0, version));
            scorer.load(context(1, version));
        }
        ContextRef oldest = context(0, 1);
        scorer.load(oldest);
        assertThat(tables).containsExactly(1L, 2L, 3L, 4L);
        scorer.load(context(0, 5));
        scorer.load(oldest);
        assertThat(tables).as("used again, so another went").containsExactly(1L, 2L, 3L, 4L, 5L);
        scorer.load(context(1, 2));
        assertThat(tables).endsWith(5L, 2L);
    }

    @Test
    void whatARunHoldsStaysUntilItIsLetGo() throws IOException {
        HeldContexts run = scorer.holder();
        for (long version = 1; version <= 5; version++) {
            run.hold(context(0, version));
        }
        loadOthers(11);
        assertThat(IntStream.rangeClosed(1, 5).mapToObj(version -> scorer.find(context(0, version))))
                .doesNotContainNull();
        run.keepOnly(context(0, 1));
        loadOthers(21);
        assertThat(scorer.find(context(0, 1))).isNotNull();
        assertThat(scorer.find(context(0, 2))).isNull();
        run.close();
        loadOthers(31);
        assertThat(scorer.find(context(0, 1))).isNull();
    }

    private void loadOthers(long from) throws IOException {
        for (long version = from; version < from + 8; version++) {
            scorer.load(context(0, version));
        }
        scorer.loaded(context(0, from + 7));
    }

    private static ContextRef context(int model, long table) {
        return new ContextRef(MODELS.versions().get(model), table);
    }
}
