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

    private final List<Long> tables = new ArrayList<>();

    @Test
    void fourMerchantRiskTablesStayHoweverManyModelsDecideWithEach() throws IOException {
        Models models = new Models(
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
        SharedScorer scorer = new SharedScorer(
                Models.PLAN,
                models,
                version -> {
                    tables.add(version);
                    return MerchantRisk.NONE;
                },
                ScoredEvents.OFF,
                new LiveMetrics());
        for (long version = 1; version <= 4; version++) {
            for (String model : models.versions()) {
                scorer.load(new ContextRef(model, version));
            }
        }
        ContextRef oldest = new ContextRef(models.versions().get(0), 1);
        scorer.load(oldest);
        assertThat(tables).containsExactly(1L, 2L, 3L, 4L);
        scorer.load(new ContextRef(models.versions().get(0), 5));
        scorer.load(oldest);
        assertThat(tables).as("used again, so another went").containsExactly(1L, 2L, 3L, 4L, 5L);
        scorer.load(new ContextRef(models.versions().get(1), 2));
        assertThat(tables).endsWith(5L, 2L);
    }
}
