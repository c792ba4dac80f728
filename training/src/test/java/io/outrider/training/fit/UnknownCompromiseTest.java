package io.outrider.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.Curve;
import io.outrider.core.model.Evidence;
import io.outrider.core.model.FeatureMatrix;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnknownCompromiseTest {

    private static final int DAY = 86_400;
    private static final List<String> FEATURES = List.of("amount", "merchant_seconds_since_genuine");

    private static UnknownCompromise settings(String overrides) {
        return UnknownCompromise.read(ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.load())
                .getConfig("outrider.training"));
    }

    @Test
    void theTermIsTheLogarithmOfTheTimeBetweenItsBounds() {
        FeatureMatrix rows = new FeatureMatrix(2);
        rows.add(new double[] {1, 7 * DAY});
        rows.add(new double[] {1, Double.NaN});
        Evidence term = settings("").evidence(FEATURES, rows);
        assertThat(term.column()).isEqualTo(1);
        for (double days : new double[] {1, 1.7, 7, 20, 28}) {
            assertThat(term.curve().at(days * DAY)).isCloseTo(Math.log(days), within(0.01));
        }
        assertThat(term.curve().at(0)).isZero();
        assertThat(term.curve().at(90 * DAY)).isEqualTo(term.curve().at(28 * DAY));
        assertThat(term.expected()).isCloseTo(Math.log(7), within(0.01));
    }

    @Test
    void logOddsAreFlattenedBelowTheOddsOfTheUsualTimeAlone() {
        FeatureMatrix rows = new FeatureMatrix(2);
        for (double days : new double[] {9, 1, 10, 200, 12}) {
            rows.add(new double[] {1, days * DAY});
        }
        rows.add(new double[] {1, Double.NaN});
        Curve curve = settings("outrider.training.unknown-compromise { rate-per-day = 0.002, slope = 0.5 }")
                .ensembleCurve(FEATURES, rows);
        double knee = Math.log(0.002 * 10);
        assertThat(curve.at(2)).isCloseTo(2, within(1e-9));
        assertThat(curve.at(knee)).isCloseTo(knee, within(1e-9));
        assertThat(curve.at(knee - 2)).isCloseTo(knee - 1, within(1e-9));
    }

    @Test
    void aPlanWithoutTheFeatureOrRowsThatKnowNothingOfItDoWithout() {
        FeatureMatrix rows = new FeatureMatrix(2);
        rows.add(new double[] {1, Double.NaN});
        assertThat(settings("").appliesTo(List.of("amount"), rows)).isFalse();
        assertThat(settings("").appliesTo(FEATURES, rows)).isFalse();
        rows.add(new double[] {1, 7 * DAY});
        assertThat(settings("").appliesTo(FEATURES, rows)).isTrue();
    }

    @Test
    void aBadSettingIsNamed() {
        assertThatThrownBy(() -> settings("outrider.training.unknown-compromise.slope = 1.5"))
                .hasMessageContaining("outrider.training.unknown-compromise.slope")
                .hasMessageContaining("1.5");
    }
}
