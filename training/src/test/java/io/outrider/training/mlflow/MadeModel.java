package io.outrider.training.mlflow;

import io.outrider.core.model.Calibration;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.ForestSettings;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import io.outrider.core.model.ModelRecipe;
import io.outrider.core.model.ModelTrainer;
import io.outrider.core.model.PolicyTerms;
import io.outrider.core.model.SplitMix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A small model of the plan {@code transactions}. */
final class MadeModel {

    private MadeModel() {}

    static Model model() {
        SplitMix random = new SplitMix(1);
        FeatureMatrix rows = new FeatureMatrix(2);
        for (int i = 0; i < 500; i++) {
            rows.add(new double[] {random.nextDouble(), random.nextDouble()});
        }
        ModelManifest.Plan plan = new ModelManifest.Plan("transactions", "fingerprint-1", List.of("amount", "ratio"));
        ModelRecipe recipe = new ModelRecipe(new ForestSettings(5, 64), List.of("ratio", "amount"), 1, 0.98, List.of());
        FusedScore score = ModelTrainer.fit(recipe, plan, rows, 7);
        return Model.of(
                score,
                new Model.Decided(
                        plan,
                        Calibration.fit(score.raw(rows)),
                        new PolicyTerms(1, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin(
                                "test", 7, Instant.EPOCH, Instant.ofEpochSecond(86_400), 500, Map.of()),
                        Map.of()));
    }
}
