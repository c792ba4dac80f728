package io.outrider.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.outrider.core.model.IsolationForest;
import io.outrider.core.model.TreeEnsemble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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

    /** The forest with the columns that its trees gather put in other words. */
    private static byte[] gathering(UnaryOperator<TensorProto> columns) throws IOException {
        ModelProto model = ModelProto.parseFrom(resource("/model/sklearn-isolation-forest.onnx"));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        Set<String> gathered = graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("Gather"))
                .map(node -> node.getInput(1))
                .collect(Collectors.toSet());
        int changed = 0;
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            if (gathered.contains(tensor.getName()) && tensor.getDims(0) == 4) {
                graph.setInitializer(i, columns.apply(tensor));
                changed++;
            }
        }
        assertThat(changed).isPositive();
        return model.toBuilder().setGraph(graph).build().toByteArray();
    }

    private static TensorProto raw(TensorProto like, long... columns) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * columns.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(columns);
        return like.toBuilder()
                .clearInt64Data()
                .clearDims()
                .addDims(columns.length)
                .setRawData(ByteString.copyFrom(bytes))
                .build();
    }

    @Test
    void columnsAreLookedAtHoweverTheyAreWritten() throws IOException {
        TreeEnsemble forest = SklearnForest.read(resource("/model/sklearn-isolation-forest.onnx"));
        assertThat(SklearnForest.read(gathering(tensor -> raw(tensor, 0, 1, 2, 3))))
                .isEqualTo(forest);
        byte[] swapped = gathering(tensor -> raw(tensor, 0, 2, 1, 3));
        assertThatThrownBy(() -> SklearnForest.read(swapped))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("some of the columns")
                .hasMessageContaining("[0, 2, 1, 3]");
        byte[] fewer = gathering(tensor -> raw(tensor, 0, 1));
        assertThatThrownBy(() -> SklearnForest.read(fewer)).hasMessageContaining("[0, 1]");
        byte[] none = gathering(
                tensor -> tensor.toBuilder().clearInt64Data().clearRawData().build());
        assertThatThrownBy(() -> SklearnForest.read(none)).hasMessageContaining("some of the columns");
    }

    @Test
    void aNodeWithoutInputsIsNone() throws IOException {
        ModelProto model = ModelProto.parseFrom(resource("/model/sklearn-isolation-forest.onnx"));
        GraphProto graph = model.getGraph().toBuilder()
                .addNode(0, NodeProto.newBuilder().setOpType("Constant").addOutput("unused"))
                .build();
        assertThat(SklearnForest.read(model.toBuilder().setGraph(graph).build().toByteArray()))
                .isEqualTo(SklearnForest.read(resource("/model/sklearn-isolation-forest.onnx")));
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
