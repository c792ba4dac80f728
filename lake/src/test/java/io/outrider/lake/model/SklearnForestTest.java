package io.outrider.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.model.IsolationForest;
import io.outrider.core.model.TreeEnsemble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The files are made by {@code lake/src/test/python/isolation_forest.py}. */
final class SklearnForestTest {

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(SklearnForestTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void aForestMadeInPythonScoresAsItDidThere() throws IOException {
        TreeEnsemble forest = SklearnForest.read(resource("/model/sklearn-isolation-forest.onnx"));
        String[] lines = new String(resource("/model/sklearn-isolation-forest.csv"), StandardCharsets.UTF_8)
                .lines()
                .toArray(String[]::new);
        assertThat(lines).hasSize(61);
        for (int i = 1; i < lines.length; i++) {
            String[] fields = lines[i].split(",", -1);
            float[] row = new float[4];
            for (int c = 0; c < 4; c++) {
                row[c] = Float.parseFloat(fields[c]);
            }
            assertThat(IsolationForest.score(forest.score(row))).isEqualTo(Double.parseDouble(fields[4]), within(1e-6));
        }
        assertThat(forest.cover(forest.root(0))).isEqualTo(64);
    }

    @Test
    void refusesAnotherKindOfModel() throws IOException {
        TreeEnsemble forest = SklearnForest.read(resource("/model/sklearn-isolation-forest.onnx"));
        byte[] other = OnnxTrees.write(Map.of("x", forest));
        assertThatThrownBy(() -> SklearnForest.read(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no isolation forest");
    }
}
