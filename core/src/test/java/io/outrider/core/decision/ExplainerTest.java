package io.outrider.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.alert.Counterfactual;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.feature.FullMemories;
import io.outrider.core.model.Calibration;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.model.ModelManifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExplainerTest {

    private static final FeaturePlan PLAN = TrainedStream.PLAN;
    private static final ModelManifest LIKE =
            new TrainedStream(5, 0.01).train(2_000, 1_000).manifest();
    private static final double THRESHOLD = LIKE.policy().rawThreshold();

    /** Each weighs half the threshold at 1 and nothing at 0 and below. */
    private static Evidence half(int column) {
        return new Evidence(column, false, new Curve(new double[] {0, 1}, new double[] {0, 1}, 0, 0), THRESHOLD / 2, 0);
    }

    private static Model model(List<Evidence> evidence, Calibration calibration) {
        return Model.of(
                new FusedScore(List.of(), evidence),
                new Model.Decided(LIKE.plan(), calibration, LIKE.policy(), LIKE.origin(), LIKE.metrics()));
    }

    private static @Nullable Counterfactual explained(List<Evidence> evidence, double[] vector) {
        return explained(model(evidence, LIKE.calibration()), vector);
    }

    private static @Nullable Counterfactual explained(Model model, double[] vector) {
        Transaction transaction = new Transaction("t", "a", 1, 0, null, null, null, null, null);
        Circumstances seen =
                new Circumstances(transaction, new Circumstances.Past(1, 1, 1, 0), List.of(), 0, FullMemories.NONE);
        return new Explainer(PLAN).explain(model, vector, true, seen).counterfactual();
    }

    private static double[] vector() {
        double[] vector = new double[PLAN.size()];
        Arrays.fill(vector, Double.NaN);
        return vector;
    }

    @Test
    void whereNoReasonAloneSufficesTheOtherFeaturesAreLookedAt() {
        List<Evidence> evidence = new ArrayList<>(List.of(half(0), half(1), half(2), half(3)));
        double[] vector = vector();
        Arrays.fill(vector, 0, 5, 1);
        assertThat(explained(evidence, vector)).isNull();
        evidence.add(
                new Evidence(4, false, new Curve(new double[] {0, 1}, new double[] {0, 0.1}, 10, 0), THRESHOLD, 0));
        Counterfactual change = Objects.requireNonNull(explained(evidence, vector));
        assertThat(change.feature()).isEqualTo(PLAN.features().get(4).name());
        assertThat(change.to()).isBetween(-0.11, -0.1);
    }

    @Test
    void theScoreAfterTheChangeIsNotPublishedAsTheThreshold() {
        double[] vector = vector();
        vector[0] = 3;
        for (double nats = 5; nats < 38; nats += 0.25) {
            double zero = THRESHOLD - nats;
            Calibration calibration = new Calibration(new Curve(new double[] {zero}, new double[] {0}, 0, 1));
            Model model = model(List.of(new Evidence(0, false, Curve.line(1), THRESHOLD, 0)), calibration);
            Counterfactual change = Objects.requireNonNull(explained(model, vector));
            assertThat(change.score()).isLessThan(model.manifest().threshold());
        }
    }

    @Test
    void aCountBecomesAWholeNumberThatThereCanBe() {
        int count = PLAN.features().stream().map(Feature::name).toList().indexOf("count_1h");
        double[] vector = vector();
        vector[count] = 12;
        Curve curve = new Curve(new double[] {0, 12}, new double[] {0, 1.9}, 0, 0);
        Counterfactual change =
                Objects.requireNonNull(explained(List.of(new Evidence(count, false, curve, THRESHOLD, 0)), vector));
        assertThat(change.to()).isEqualTo(6); // the threshold is reached at 6.3
        Curve steep = new Curve(new double[] {0, 12}, new double[] {0, 20}, 0, 0);
        assertThat(explained(List.of(new Evidence(count, false, steep, THRESHOLD, 0)), vector))
                .isNull(); // it would take 0, and the transaction itself counts
    }
}
