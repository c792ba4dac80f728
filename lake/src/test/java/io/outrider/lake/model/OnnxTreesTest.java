package io.outrider.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.ForestSettings;
import io.outrider.core.model.IsolationForest;
import io.outrider.core.model.SplitMix;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.model.TreeEnsembleBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OnnxTreesTest {

    private final SplitMix random = new SplitMix(8);

    private double[] vector() {
        double[] vector = {
            random.nextDouble() * 100, random.nextDouble() * random.nextDouble(), random.nextInt(5), random.nextDouble()
        };
        if (random.nextInt(5) == 0) {
            vector[random.nextInt(4)] = Double.NaN;
        }
        return vector;
    }

    private TreeEnsemble forest() {
        FeatureMatrix data = new FeatureMatrix(4);
        for (int i = 0; i < 3000; i++) {
            data.add(vector());
        }
        return IsolationForest.fit(data, new int[] {0, 1, 2, 3}, new ForestSettings(100, 256), 3);
    }

    @Test
    void onnxRuntimeScoresTheSameFileAlikeAlsoAtThresholdsAndWithMissingValues() throws OrtException {
        TreeEnsemble forest = forest();
        byte[] onnx = OnnxTrees.write(Map.of("isolation_forest", forest));
        float[][] rows = new float[2000][4];
        for (int i = 0; i < rows.length; i++) {
            double[] vector = vector();
            for (int c = 0; c < 4; c++) {
                rows[i][c] = (float) vector[c];
            }
            if (i % 2 == 0) { // exactly at a threshold of the forest
                int node = forest.root(random.nextInt(forest.trees()));
                rows[i][forest.feature(node)] = forest.threshold(node);
            }
        }
        float[] theirs = OnnxRuntime.score(onnx, "isolation_forest_features", "isolation_forest", rows);
        for (int i = 0; i < rows.length; i++) {
            double ours = forest.score(rows[i]);
            assertThat(ours).isEqualTo(theirs[i], within(1e-6));
            assertThat(IsolationForest.score(ours)).isEqualTo(Math.pow(2, theirs[i]), within(1e-6));
        }
    }

    @Test
    void readingGivesBackEqualEnsemblesAndWritingEqualBytes() {
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(2);
        int inner = builder.split(1, 0.1f, true, builder.leaf(-1, 2.5f), builder.leaf(3, 4));
        builder.endTree(builder.split(0, 7, false, inner, builder.leaf(2, 9)));
        builder.endTree(builder.leaf(0.25f, 1));
        Map<String, TreeEnsemble> both = new LinkedHashMap<>();
        both.put("supervised", builder.build(-4.5));
        both.put("isolation_forest", forest());
        byte[] onnx = OnnxTrees.write(both);
        assertThat(OnnxTrees.read(onnx)).isEqualTo(both);
        assertThat(OnnxTrees.write(OnnxTrees.read(onnx))).isEqualTo(onnx);
    }

    @Test
    void inputsThatNoTreeLooksAtAreStillInputs() {
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(5);
        builder.endTree(builder.split(1, 0.5f, true, builder.leaf(-1, 2), builder.leaf(1, 2)));
        Map<String, TreeEnsemble> boosted = Map.of("gradient_boosting", builder.build(-2));
        assertThat(OnnxTrees.read(OnnxTrees.write(boosted))).isEqualTo(boosted);
    }

    @Test
    void refusesWhatIsNoModel() {
        assertThatThrownBy(() -> OnnxTrees.read(new byte[] {1, 2, 3})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OnnxTrees.read(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no tree ensemble");
    }
}
