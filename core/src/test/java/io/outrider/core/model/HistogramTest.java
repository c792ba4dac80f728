package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void binsHoldAboutEquallyManyValuesAndTheMissingOnesAreCountedApart() {
        SplitMix random = new SplitMix(3);
        double[] sample = new double[2_000];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = i % 10 == 0 ? Double.NaN : StrictMath.exp(4 * random.nextDouble());
        }
        Histogram histogram = Histogram.of("amount", sample);
        assertThat(histogram.missing()).isEqualTo(200);
        assertThat(histogram.present()).isEqualTo(1_800);
        assertThat(histogram.counts()).hasSize(20);
        for (long count : histogram.counts()) {
            assertThat(count).isBetween(89L, 91L);
        }
    }

    @Test
    void aFewValuesHaveABinEachAndAConstantHasOne() {
        Histogram truth = Histogram.of("first_on_device", new double[] {0, -0.0, 1, 0, 1});
        assertThat(truth.edges()).containsExactly(1);
        assertThat(truth.counts()).containsExactly(3, 2);
        assertThat(truth.bin(-5)).isZero();
        assertThat(truth.bin(7)).isEqualTo(1);
        double[] twenty = IntStream.range(0, 20).mapToDouble(value -> value).toArray();
        assertThat(Histogram.of("twenty", twenty).edges()).containsExactly(Arrays.copyOfRange(twenty, 1, 20));
        double[] more = IntStream.range(0, 400).mapToDouble(value -> value % 25).toArray();
        assertThat(Histogram.of("twenty-five", more).edges()).hasSize(19).doesNotContain(4, 9, 14, 19, 24);
        Histogram constant = Histogram.of("constant", new double[] {4, 4, Double.NaN});
        assertThat(constant.edges()).isEmpty();
        assertThat(constant.counts()).containsExactly(2);
        assertThat(Histogram.of("nothing", new double[] {Double.NaN}).present()).isZero();
    }

    @Test
    void whereOneValueIsMostOfTheSampleNoTwoEdgesAreTheSame() {
        double[] sample =
                IntStream.range(0, 1_000).mapToDouble(i -> Math.max(0, i - 900)).toArray();
        Histogram histogram = Histogram.of("count", sample);
        assertThat(histogram.counts()[0]).isGreaterThanOrEqualTo(901);
        assertThat(histogram.present()).isEqualTo(1_000);
    }

    @Test
    void countsThatDoNotFitTheEdgesAreRefused() {
        assertThatThrownBy(() -> new Histogram("x", new double[] {1, 1}, new long[3], 0))
                .hasMessageContaining("edges must ascend");
        assertThatThrownBy(() -> new Histogram("x", new double[] {1}, new long[3], 0))
                .hasMessageContaining("3 counts for 1 edges");
    }

    @Test
    void referenceAndLineageComeBackFromTheManifestAsTheyWere() {
        FeatureMatrix rows = new FeatureMatrix(2);
        double[] scores = new double[300];
        SplitMix random = new SplitMix(5);
        for (int i = 0; i < scores.length; i++) {
            rows.add(new double[] {random.nextDouble() / 3, i % 7 == 0 ? Double.NaN : i % 2});
            scores[i] = random.nextDouble() * 1e-4;
        }
        ModelManifest.Plan plan = new ModelManifest.Plan("p", "f", List.of("a", "b"));
        Lineage lineage = new Lineage(
                new Lineage.Dataset("transactions", 3, List.of(new Lineage.File("x.parquet", 7, "00ff"))),
                Map.of("outrider.training.seed", "42"),
                List.of("20260101-000000000000"));
        Model model = Model.of(
                new FusedScore(List.of(), List.of(new Evidence(0, false, Curve.line(1), 1, 0))),
                new Model.Decided(
                        plan,
                        Calibration.fit(scores),
                        new PolicyTerms(1, Duration.ofHours(1), 2, 5, 20, 0),
                        new ModelManifest.Origin("1", 1, Instant.EPOCH, Instant.EPOCH, 300, Map.of()),
                        Map.of("auc", 0.1 + 0.2),
                        Reference.of(plan.features(), rows, scores),
                        lineage));
        byte[] json = ModelManifestCodec.encode(model.manifest());
        ModelManifest read = ModelManifestCodec.decode(json);
        assertThat(ModelManifestCodec.encode(read)).isEqualTo(json);
        assertThat(read.lineage()).isEqualTo(lineage);
        Reference reference = Objects.requireNonNull(read.reference());
        assertThat(reference.features().get(1).missing()).isEqualTo(43);
        assertThat(reference.score().present()).isEqualTo(300);
    }
}
