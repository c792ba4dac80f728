package io.outrider.app.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.PolicyTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A model in words. */
final class TrainTextTest {

    @Test
    void whatOfEachKindOfFraudIsFoundIsToldWithItsInterval() {
        Model model = Model.of(
                new FusedScore(List.of(), List.of(new Evidence(0, false, Curve.line(1), 1, 0))),
                new Model.Decided(
                        new ModelManifest.Plan("transactions", "f", List.of("amount")),
                        Calibration.fit(new double[] {1, 2, 3}),
                        new PolicyTerms(2, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin("3", 42, Instant.EPOCH, Instant.EPOCH, 300, Map.of()),
                        Map.of(
                                "recall_at_threshold", 0.7,
                                "scenario.takeover.auc", 0.9,
                                "scenario.takeover.frauds", 12.0,
                                "scenario.takeover.recall_at_threshold", 0.75,
                                "scenario.takeover.recall_at_threshold.low", 0.5,
                                "scenario.takeover.recall_at_threshold.high", 1.0),
                        null,
                        null));

        assertThat(TrainText.report(model.manifest(), "champion", Instant.EPOCH)
                        .lines()
                        .filter(line -> line.contains("recall")))
                .containsExactly(
                        "recall at threshold      0.7000", "  recall of takeover     0.7500  (0.5000 to 1.0000)");
    }
}
