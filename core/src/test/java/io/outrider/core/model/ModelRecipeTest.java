package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.outrider.core.feature.Feature;
import io.outrider.core.feature.FeaturePlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelRecipeTest {

    @ParameterizedTest
    @ValueSource(strings = {"transactions", "network-access", "sensor"})
    void everyShippedPlanHasARecipeOfFeaturesItHas(String name) {
        ModelRecipe recipe = ModelRecipe.read(ConfigFactory.load(), name);
        List<String> features =
                FeaturePlan.named(name).features().stream().map(Feature::name).toList();
        assertThat(features).containsAll(recipe.forestFeatures());
        assertThat(recipe.tails())
                .isNotEmpty()
                .allSatisfy(tail -> assertThat(features).contains(tail.feature()));
    }

    @Test
    void aBadNumberIsNamed() {
        assertThatThrownBy(() -> ModelRecipe.read(
                        ConfigFactory.parseString("outrider.model.recipes.sensor.forest.trees = 0")
                                .withFallback(ConfigFactory.load()),
                        "sensor"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("outrider.model.recipes.sensor")
                .hasMessageContaining("forest.trees");
        assertThatThrownBy(() -> ModelRecipe.read(ConfigFactory.load(), "nothing"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("outrider.model.recipes.nothing");
    }

    @Test
    void aLowerTailCallsLowValuesSurprising() {
        FeatureMatrix rows = new FeatureMatrix(1);
        SplitMix random = new SplitMix(4);
        for (int i = 0; i < 5000; i++) {
            rows.add(new double[] {50 + 10 * random.nextDouble()});
        }
        Evidence low = ModelTrainer.tail(new ModelRecipe.Tail("value", true, 1, 0.98, 0), 0, rows);
        assertThat(low.of(20)).isGreaterThan(10);
        assertThat(low.of(55)).isLessThan(1);
        assertThat(low.of(90)).isZero();
        assertThat(low.of(Double.NaN)).isEqualTo(low.expected());
    }
}
