package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class CurveTest {

    @Test
    void interpolatesBetweenKnotsAndGoesOnBeyond() {
        Curve curve = new Curve(new double[] {0, 10, 20}, new double[] {1, 2, 5}, 0, 0.5);
        assertThat(curve.at(-4)).isEqualTo(1);
        assertThat(curve.at(5)).isEqualTo(1.5);
        assertThat(curve.at(10)).isEqualTo(2);
        assertThat(curve.at(15)).isEqualTo(3.5);
        assertThat(curve.at(24)).isEqualTo(7);
        assertThat(curve.at(Double.NaN)).isNaN();
    }

    @Property(tries = 300)
    void surpriseNeverFallsAndStartsAtZero(
            @ForAll @Size(min = 1, max = 200) double @DoubleRange(min = -1000, max = 1000) [] sample,
            @ForAll @DoubleRange(min = 0.5, max = 1) double bodyShare) {
        Curve surprise = UpperTail.fit(sample, bodyShare);
        double before = 0;
        for (double v = -1500; v <= 1500; v += 7) {
            double now = surprise.at(v);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void surpriseIsTheTailsLogarithm() {
        double[] sample = IntStream.range(0, 10_000).mapToDouble(i -> i).toArray();
        Curve surprise = UpperTail.fit(sample, 1);
        assertThat(surprise.at(0)).isZero();
        assertThat(surprise.at(5_000)).isEqualTo(Math.log(2), within(0.01));
        assertThat(surprise.at(9_900)).isEqualTo(Math.log(100), within(0.05));
        assertThat(surprise.at(20_000)).isGreaterThan(surprise.at(10_000));
    }

    @Test
    void tiesCountAsReachingTheValue() {
        double[] flags = new double[1000];
        Arrays.fill(flags, 0, 5, 1);
        Curve surprise = UpperTail.fit(flags, 0.98);
        assertThat(surprise.at(0)).isZero();
        assertThat(surprise.at(1)).isEqualTo(Math.log(200), within(1e-9));
    }

    @Test
    void anomaliesInTheSampleDoNotFillTheGapBelowThem() {
        double[] sample = new double[10_000];
        SplitMix random = new SplitMix(3);
        for (int i = 0; i < sample.length; i++) {
            sample[i] = i < 100 ? 5_000 + 15_000 * random.nextDouble() : 10 + 990 * random.nextDouble();
        }
        Curve surprise = UpperTail.fit(sample, 0.98);
        assertThat(surprise.at(5_000) - surprise.at(1_000)).isGreaterThan(10);
    }

    @Test
    void calibratedScoreIsTheShareThatScoresLower() {
        double[] raw = IntStream.range(0, 1_000).mapToDouble(i -> i * i).toArray();
        Calibration calibration = Calibration.fit(raw);
        assertThat(calibration.score(-5)).isZero();
        assertThat(calibration.score(500 * 500)).isEqualTo(0.5, within(0.02));
        assertThat(calibration.score(990 * 990)).isEqualTo(0.99, within(0.001));
        assertThat(calibration.score(2_000 * 2_000)).isBetween(calibration.score(1_100 * 1_100), 1.0);
    }

    @Test
    void aboveALevelIsWhatRisesBeyondIt() {
        Curve curve = new Curve(new double[] {1, 2, 4}, new double[] {0, 1, 2}, 0, 3);
        for (double level : new double[] {-1, 0, 0.4, 1, 1.5, 2, 5}) {
            Curve above = curve.above(level);
            for (double x = -1; x < 8; x += 0.125) {
                assertThat(above.at(x)).isEqualTo(Math.max(0, curve.at(x) - level), within(1e-12));
            }
        }
        assertThat(new Curve(new double[] {1}, new double[] {1}, 0, 0).above(2).at(99))
                .isZero();
    }
}
