package io.outrider.lake.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import io.outrider.core.model.IsolationForest;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.model.TreeEnsembleBuilder;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads scikit-learn's IsolationForest from the ONNX that skl2onnx writes of it, and gives the same forest in our form:
 * {@link IsolationForest#score} of its sum is scikit-learn's {@code -score_samples}.
 *
 * <p>In that graph each tree is a regressor that yields the id of the leaf; a label encoder ({@code node_sample<i>}) maps
 * the id to the training rows in the leaf, from which the rest of the graph computes path lengths; their sum is divided
 * by (trees x the mean path length of the sample). What is read is the trees, the rows in their leaves, that divisor, and
 * which columns each tree gathers.
 */
public final class SklearnForest {

    private SklearnForest() {}

    /** IllegalArgumentException, saying what is missing, if the bytes hold no such forest. */
    public static TreeEnsemble read(byte[] onnx) {
        GraphProto graph = OnnxTrees.graph(onnx);
        Map<String, NodeProto> byOutput = new HashMap<>();
        Map<String, TensorProto> constants = new HashMap<>();
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(output -> byOutput.put(output, node)));
        graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        double divisor = divisor(graph, byOutput, constants);
        Map<String, Map<Long, Float>> leafRows = leafRows(graph, byOutput);
        List<NodeProto> trees = new ArrayList<>();
        int inputs = 0;
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals(OnnxTrees.REGRESSOR)) {
                trees.add(node);
                inputs = Math.max(inputs, RegressorReader.of(node).inputs());
            }
        }
        if (trees.isEmpty()) {
            throw new IllegalArgumentException("the ONNX model holds no trees");
        }
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(inputs);
        for (NodeProto tree : trees) {
            if (tree.getInputCount() == 0 || tree.getOutputCount() == 0) {
                throw new IllegalArgumentException("tree ensemble " + tree.getName() + " has no input or no output");
            }
            requireAllColumns(byOutput.get(tree.getInput(0)), constants, Columns.of(graph, tree));
            Map<Long, Float> rows = leafRows.getOrDefault(tree.getOutput(0), Map.of());
            RegressorReader.of(tree).addTo(builder, (leaf, into) -> {
                Float count = rows.get((long) leaf.value());
                if (count == null || count < 1) {
                    throw new IllegalArgumentException("no number of rows for leaf " + leaf.node());
                }
                double path = leaf.depth() + IsolationForest.averagePathLength(Math.round(count));
                return into.leaf((float) (-path / divisor), count);
            });
        }
        return builder.build(0);
    }

    /** The constant that the sum of all path lengths is divided by. */
    private static double divisor(
            GraphProto graph, Map<String, NodeProto> byOutput, Map<String, TensorProto> constants) {
        for (NodeProto node : graph.getNodeList()) {
            boolean divides = node.getOpType().equals("Div") && node.getInputCount() == 2;
            NodeProto dividend = divides ? byOutput.get(node.getInput(0)) : null;
            if (dividend != null && dividend.getOpType().equals("Sum")) {
                TensorProto constant = constants.get(node.getInput(1));
                if (constant != null) {
                    return floatOf(constant);
                }
            }
        }
        throw new IllegalArgumentException("the ONNX model does not average path lengths: no isolation forest");
    }

    private static float floatOf(TensorProto tensor) {
        return tensor.getFloatDataCount() > 0
                ? tensor.getFloatData(0)
                : tensor.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat();
    }

    /** For each tree's output, the rows of its leaves by what the tree yields for them. */
    private static Map<String, Map<Long, Float>> leafRows(GraphProto graph, Map<String, NodeProto> byOutput) {
        Map<String, Map<Long, Float>> all = new HashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            boolean samples = node.getOpType().equals("LabelEncoder")
                    && node.getName().startsWith("node_sample")
                    && node.getInputCount() > 0;
            NodeProto cast = samples ? byOutput.get(node.getInput(0)) : null;
            if (cast == null || cast.getInputCount() == 0) {
                continue;
            }
            Map<Long, Float> rows = new HashMap<>();
            List<Long> keys = attribute(node, "keys_int64s").getIntsList();
            List<Float> values = attribute(node, "values_floats").getFloatsList();
            for (int i = 0; i < keys.size(); i++) {
                rows.put(keys.get(i), values.get(i));
            }
            all.put(cast.getInput(0), rows);
        }
        return all;
    }

    /**
     * How many columns a tree must gather.
     *
     * @param least up to the last that a split names
     * @param all the graph's own, 0 where it does not say
     */
    private record Columns(int least, long all) {

        static Columns of(GraphProto graph, NodeProto tree) {
            int least = RegressorReader.of(tree).inputs();
            if (graph.getInputCount() != 1) {
                return new Columns(least, 0);
            }
            TensorShapeProto shape = graph.getInput(0).getType().getTensorType().getShape();
            return new Columns(least, shape.getDimCount() == 2 ? shape.getDim(1).getDimValue() : 0);
        }
    }

    /** Trees over some of the columns (max_features below 1) would need their inputs renamed: refused. */
    private static void requireAllColumns(
            @Nullable NodeProto gather, Map<String, TensorProto> constants, Columns wanted) {
        if (gather == null || !gather.getOpType().equals("Gather")) {
            return;
        }
        TensorProto tensor = gather.getInputCount() < 2 ? null : constants.get(gather.getInput(1));
        if (tensor == null) {
            throw new IllegalArgumentException("a tree gathers columns that are not constant");
        }
        long[] columns = longsOf(tensor);
        boolean all = columns.length >= wanted.least() && (wanted.all() <= 0 || columns.length == wanted.all());
        for (int i = 0; i < columns.length; i++) {
            all &= columns[i] == i;
        }
        if (!all) {
            throw new IllegalArgumentException(
                    "trees over some of the columns are not understood (max_features below 1): " + tensor.getName()
                            + " is " + Arrays.toString(columns));
        }
    }

    /** ONNX lets the numbers lie in a field of their own or as raw little-endian bytes. */
    private static long[] longsOf(TensorProto tensor) {
        if (tensor.getDataType() != TensorProto.DataType.INT64_VALUE) {
            throw new IllegalArgumentException(
                    "column numbers " + tensor.getName() + " are of data type " + tensor.getDataType() + ", not int64");
        }
        if (tensor.getInt64DataCount() > 0) {
            return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
        }
        LongBuffer raw = tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        long[] numbers = new long[raw.remaining()];
        raw.get(numbers);
        return numbers;
    }

    private static AttributeProto attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("node " + node.getName() + " has no " + name));
    }
}
