package io.outrider.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SingleChangeTest {

    private static final int FEATURES = 3;
    private static final int[] ALL = {0, 1, 2};

    @Property(tries = 200)
    void noNearerValueOfThatFeatureIsBelowTheThreshold(@ForAll long seed) {
        SplitMix random = new SplitMix(seed);
        FusedScore score = score(random);
        double[] vector = vector(random);
        double threshold = raw(score, vector, 0, vector[0]) - random.nextDouble();
        for (int column : ALL) {
            Model.Change change = new SingleChange(score, FEATURES)
                    .smallest(vector, new int[] {column}, any -> Values.ANY, limit(threshold));
            if (change == null) {
                assertNonePasses(
                        score, vector, column, threshold - 1e-9, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
                continue;
            }
            assertThat(change.from()).isEqualTo(vector[column]);
            assertThat(change.raw())
                    .isEqualTo(raw(score, vector, column, change.to()))
                    .isLessThan(threshold);
            double lessThan = Math.abs(change.to() - change.from());
            double distance =
                    lessThan - Math.ulp((float) change.to()); // trees see floats: rounding may pass a little nearer
            assertNonePasses(
                    score, vector, column, threshold - 1e-9, change.from() - distance, change.from() + distance);
        }
    }

    /** Beside a large part that another feature has, sums are rounded more coarsely than the crossing is found. */
    @Property(tries = 200)
    void whereRoundingDecidesNoNearerValueIsBelowEither(@ForAll long seed) {
        SplitMix random = new SplitMix(seed);
        FusedScore like = score(random);
        List<Evidence> evidence = new ArrayList<>(like.evidence());
        evidence.add(new Evidence(2, false, Curve.line(1), 1e7, 0));
        FusedScore score = new FusedScore(like.ensembles(), evidence);
        double[] vector = vector(random);
        double threshold = raw(score, vector, 0, vector[0]) - random.nextDouble();
        for (int column = 0; column < 2; column++) {
            Model.Change change = new SingleChange(score, FEATURES)
                    .smallest(vector, new int[] {column}, any -> Values.ANY, limit(threshold));
            if (change != null) {
                assertThat(change.raw())
                        .isEqualTo(raw(score, vector, column, change.to()))
                        .isLessThan(threshold);
                double distance = Math.abs(change.to() - change.from()) - Math.ulp((float) change.to());
                assertNonePasses(
                        score, vector, column, threshold - 1e-7, change.from() - distance, change.from() + distance);
            }
        }
    }

    /** Tries a fine grid, and both sides of all thresholds, between two values. */
    private static void assertNonePasses(
            FusedScore score, double[] vector, int column, double threshold, double from, double to) {
        for (double value = Math.max(from, -1); value < Math.min(to, 2); value += 1.0 / 512) {
            assertThat(raw(score, vector, column, value)).isGreaterThanOrEqualTo(threshold);
        }
        TreeEnsemble trees = score.ensembles().get(0).trees();
        for (int node = 0; node < trees.nodes(); node++) {
            float split = trees.threshold(node);
            for (float value : new float[] {split, Math.nextUp(split)}) {
                if (!trees.isLeaf(node) && value > from && value < to) {
                    assertThat(raw(score, vector, column, value)).isGreaterThanOrEqualTo(threshold);
                }
            }
        }
    }

    @Property(tries = 100)
    void ofSeveralFeaturesTheLeastChangeInItsScaleIsTaken(@ForAll long seed) {
        SplitMix random = new SplitMix(seed);
        FusedScore score = score(random);
        double[] vector = vector(random);
        double threshold = raw(score, vector, 0, vector[0]) - 0.3;
        SingleChange changes = new SingleChange(score, FEATURES);
        Model.Change best = changes.smallest(vector, ALL, any -> Values.ANY, limit(threshold));
        Model.Change reversed = changes.smallest(vector, new int[] {2, 1, 0}, any -> Values.ANY, limit(threshold));
        assertSame(reversed, best);
        for (int column : ALL) {
            Model.Change single = changes.smallest(vector, new int[] {column}, any -> Values.ANY, limit(threshold));
            if (best == null || column == best.column()) {
                assertSame(single, best);
            }
        }
    }

    private static void assertSame(Model.@Nullable Change actual, Model.@Nullable Change expected) {
        if (actual == null || expected == null) {
            assertThat(actual).isEqualTo(expected);
            return;
        }
        assertThat(actual.column()).isEqualTo(expected.column());
        assertThat(actual.to()).isEqualTo(expected.to(), within(1e-9));
    }

    @Property(tries = 200)
    void whatIsYesOrNoBecomesTheOtherOrStays(@ForAll long seed) {
        SplitMix random = new SplitMix(seed);
        FusedScore score = score(random);
        double[] vector = vector(random);
        double threshold = raw(score, vector, 0, vector[0]) - random.nextDouble() * 0.5;
        for (int column : ALL) {
            vector[column] = Math.round(vector[column]);
            double other = 1 - vector[column];
            Model.Change change = new SingleChange(score, FEATURES)
                    .smallest(vector, new int[] {column}, any -> Values.YES_OR_NO, limit(threshold));
            double flipped = raw(score, vector, column, other);
            if (flipped < threshold) {
                assertThat(change).isEqualTo(new Model.Change(column, vector[column], other, flipped));
            } else {
                assertThat(change).isNull();
            }
        }
    }

    @Property(tries = 200)
    void whatCountsBecomesTheNearestWholeNumberThatPasses(@ForAll long seed) {
        SplitMix random = new SplitMix(seed);
        FusedScore score = score(random, 12);
        double[] vector = new double[FEATURES];
        Arrays.setAll(vector, i -> random.nextInt(13));
        double threshold = raw(score, vector, 0, vector[0]) - random.nextDouble() * 0.5;
        for (int column : ALL) {
            Model.Change change = new SingleChange(score, FEATURES)
                    .smallest(vector, new int[] {column}, any -> Values.wholeFrom(1), limit(threshold));
            double nearest = Double.POSITIVE_INFINITY;
            for (int value = 1; value <= 12; value++) {
                if (raw(score, vector, column, value) < threshold) {
                    nearest = Math.min(nearest, Math.abs(value - vector[column]));
                }
            }
            if (change == null) {
                assertThat(nearest).isInfinite();
                continue;
            }
            assertThat(change.to()).isEqualTo(Math.rint(change.to())).isGreaterThanOrEqualTo(1);
            assertThat(change.raw())
                    .isEqualTo(raw(score, vector, column, change.to()))
                    .isLessThan(threshold);
            assertThat(Math.abs(change.to() - vector[column])).isLessThanOrEqualTo(nearest);
        }
    }

    @Test
    void aMissingFeatureIsNotChanged() {
        FusedScore score = score(new SplitMix(1));
        double[] vector = {Double.NaN, Double.NaN, Double.NaN};
        assertThat(new SingleChange(score, FEATURES).smallest(vector, ALL, any -> Values.ANY, limit(-100)))
                .isNull();
    }

    /** Ways in which the scores of a threshold and of what is below it can be published as the same. */
    private enum Blur {
        /** The calibration tells nothing apart just below the threshold. */
        FLAT {
            @Override
            Calibration about(double threshold) {
                double[] x = {threshold - 20, threshold - 0.2, threshold + 0.1, threshold + 20};
                return new Calibration(new Curve(x, new double[] {0, 2, 2, 3}, 0, 1));
            }
        },
        /** So close to 1 a double does not. */
        NEAR_ONE {
            @Override
            Calibration about(double threshold) {
                return new Calibration(new Curve(new double[] {threshold - 35}, new double[] {0}, 0, 1));
            }
        },
        /** Nor at 1. */
        AT_ONE {
            @Override
            Calibration about(double threshold) {
                return new Calibration(new Curve(new double[] {threshold - 37.8}, new double[] {0}, 0, 1));
            }
        };

        abstract Calibration about(double threshold);
    }

    @Property(tries = 300)
    void theScoreThatIsPublishedIsBelowTheThresholdsToo(@ForAll long seed, @ForAll Blur blur) {
        SplitMix random = new SplitMix(seed);
        FusedScore score = score(random);
        double[] vector = vector(random);
        double threshold = raw(score, vector, 0, vector[0]) - random.nextDouble();
        Calibration calibration = blur.about(threshold);
        double published = calibration.score(threshold);
        for (int column : ALL) {
            Model.Change change = new SingleChange(score, FEATURES)
                    .smallest(vector, new int[] {column}, any -> Values.ANY, Limit.of(threshold, calibration));
            if (change == null) {
                continue;
            }
            assertThat(change.raw())
                    .isEqualTo(raw(score, vector, column, change.to()))
                    .isLessThan(threshold);
            assertThat(calibration.score(change.raw())).isLessThan(published);
            double distance = Math.abs(change.to() - change.from()) - Math.ulp((float) change.to());
            for (double value = Math.max(change.from() - distance, -1);
                    value < Math.min(change.from() + distance, 2);
                    value += 1.0 / 512) {
                assertThat(calibration.score(raw(score, vector, column, value) + 1e-9))
                        .isGreaterThanOrEqualTo(published);
            }
        }
    }

    @Test
    void whereEveryScoreIsPublishedAsTheThresholdNoChangeHelps() {
        Calibration none = new Calibration(new Curve(new double[] {50}, new double[] {0}, 0, 1));
        SplitMix random = new SplitMix(3);
        FusedScore score = score(random);
        assertThat(new SingleChange(score, FEATURES)
                        .smallest(vector(random), ALL, any -> Values.ANY, Limit.of(2, none)))
                .isNull();
        assertThat(Limit.of(Double.POSITIVE_INFINITY, none).isAbove(1)).isFalse();
    }

    /** Of a calibration that tells raw scores apart about as well as they can be. */
    private static Limit limit(double threshold) {
        return Limit.of(threshold, new Calibration(new Curve(new double[] {threshold - 10}, new double[] {0}, 0, 0.1)));
    }

    /** Trees on features 0 and 2, evidence of high values of 0 and of high and low values of 1. */
    private static FusedScore score(SplitMix random) {
        return score(random, 1);
    }

    /** The same, of features that are so many times as large. */
    private static FusedScore score(SplitMix random, double large) {
        TreeEnsemble trees = RandomTrees.ensemble(random, 2, 6, 6, large);
        Curve curve = new Curve(new double[] {0, 0.4 * large, large}, new double[] {0, 1, 1.5}, 0, 0.5);
        return new FusedScore(
                List.of(new TreePart("trees", trees, new int[] {0, 2}, Curve.line(1), 1)),
                List.of(
                        new Evidence(0, false, curve, 0.7, 0.1),
                        new Evidence(1, false, curve, 1, 0.1),
                        new Evidence(1, true, curve, 0.5, 0.1)));
    }

    private static double[] vector(SplitMix random) {
        double[] vector = new double[FEATURES];
        Arrays.setAll(vector, i -> random.nextDouble());
        return vector;
    }

    private static double raw(FusedScore score, double[] vector, int column, double value) {
        double[] changed = vector.clone();
        changed[column] = value;
        return score.raw(changed, FusedScore.scratch(FEATURES));
    }
}
