package io.outrider.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.Model;
import io.outrider.core.model.SplitMix;
import io.outrider.core.model.TreePart;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** An anomaly in one feature alone is explained by that feature, whichever of those that a shipped model looks at. */
final class PlantedAnomalyTest {

    private static final int ROWS = 20_000;
    private static final int PLANTED = 200;

    private final SplitMix random = new SplitMix(11);

    @ParameterizedTest
    @FieldSource("io.outrider.core.feature.FeaturePlan#BUILT_IN")
    void aPlantedAnomalyIsRankedFirstWithTheRightSign(String name) {
        FeaturePlan plan = FeaturePlan.named(name);
        Model model = train(plan);
        Set<Plant> plants = plants(model);
        int right = 0;
        for (Plant plant : plants) {
            for (int i = 0; i < PLANTED; i++) {
                double[] vector = vector(plan, 0.9, 0);
                vector[plant.column()] = plan.features().get(plant.column()).yesOrNo() ? 1 : plant.low() ? -40 : 40;
                double[] parts = model.explain(vector).contributions();
                right += weightiest(parts) == plant.column() && parts[plant.column()] > 0 ? 1 : 0;
            }
        }
        assertThat(right / (double) (PLANTED * plants.size())).isGreaterThanOrEqualTo(0.99);
    }

    /** Where an anomaly is planted, and whether it is one of low values. */
    private record Plant(int column, boolean low) implements Comparable<Plant> {
        @Override
        public int compareTo(Plant other) {
            return column == other.column ? Boolean.compare(low, other.low) : Integer.compare(column, other.column);
        }
    }

    private static Set<Plant> plants(Model model) {
        Set<Plant> plants = new TreeSet<>();
        for (TreePart part : model.fused().ensembles()) {
            Arrays.stream(part.columns()).forEach(column -> plants.add(new Plant(column, false)));
        }
        for (Evidence piece : model.fused().evidence()) {
            plants.add(new Plant(piece.column(), piece.lower()));
        }
        return plants;
    }

    /**
     * Exponential values, whole where something is counted, and seldom yes.
     *
     * @param most the share of the distribution that values are drawn from, from its low end
     */
    private double[] vector(FeaturePlan plan, double most, double yes) {
        double[] vector = new double[plan.size()];
        for (int column = 0; column < vector.length; column++) {
            Feature feature = plan.features().get(column);
            double value = -Math.log(1 - most * random.nextDouble());
            vector[column] = feature.yesOrNo()
                    ? random.nextDouble() < yes ? 1 : 0
                    : plan.isCount(column) ? Math.floor(value) + plan.leastCount(column) : value;
        }
        return vector;
    }

    private Model train(FeaturePlan plan) {
        FeatureMatrix rows = new FeatureMatrix(plan.size());
        for (int i = 0; i < ROWS; i++) {
            rows.add(vector(plan, 1, 0.001));
        }
        return TrainedStream.model(plan, rows, rows);
    }

    private static int weightiest(double[] parts) {
        int best = 0;
        for (int i = 1; i < parts.length; i++) {
            best = Math.abs(parts[i]) > Math.abs(parts[best]) ? i : best;
        }
        return best;
    }
}
