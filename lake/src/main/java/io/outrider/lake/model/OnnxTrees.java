package io.outrider.lake.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.outrider.core.model.TreeEnsemble;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tree ensembles as an ONNX model: for each, an input {@code <name>_features} (float, rows x inputs), one
 * TreeEnsembleRegressor (ai.onnx.ml, opset 3), and an output {@code <name>} (float, rows x 1) with the sum of its trees.
 * An isolation forest's output is the base-2 logarithm of its anomaly score.
 *
 * <p>Thresholds, leaf values and inputs are 32-bit in both worlds, a value at the threshold goes left (BRANCH_LEQ), and
 * {@code nodes_missing_value_tracks_true} says where a missing one goes, so another runtime takes the same branches;
 * only how leaf values are summed may differ: ONNX Runtime does it in 32 bits, and in an order of its own where there are
 * many. {@code nodes_hitrates} carries the covers. Equal ensembles give equal bytes, and reading gives back equal ensembles.
 */
final class OnnxTrees {

    static final String ML_DOMAIN = "ai.onnx.ml";
    static final String REGRESSOR = "TreeEnsembleRegressor";

    private OnnxTrees() {}

    static byte[] write(Map<String, TreeEnsemble> ensembles) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("outrider");
        ensembles.forEach((name, trees) -> {
            graph.addInput(tensor(name + "_features", trees.inputs()));
            graph.addOutput(tensor(name, 1));
            graph.addNode(regressor(name, trees));
        });
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("outrider")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(ML_DOMAIN).setVersion(3))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto tensor(String name, int columns) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("rows"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }

    private static NodeProto regressor(String name, TreeEnsemble trees) {
        RegressorAttributes attributes = new RegressorAttributes();
        for (int tree = 0; tree < trees.trees(); tree++) {
            int root = trees.root(tree);
            int end = tree + 1 < trees.trees() ? trees.root(tree + 1) : trees.nodes();
            for (int node = root; node < end; node++) {
                attributes.place(tree, node - root, trees.cover(node));
                if (trees.isLeaf(node)) {
                    attributes.leaf(tree, node - root, trees.value(node));
                } else {
                    int left = trees.left(node) - root;
                    attributes.split(trees.feature(node), trees.threshold(node), trees.missingLeft(node), left);
                }
            }
        }
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType(REGRESSOR)
                .setDomain(ML_DOMAIN)
                .setName(name)
                .addInput(name + "_features")
                .addOutput(name)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("base_values")
                        .setType(AttributeProto.AttributeType.FLOATS)
                        .addFloats((float) trees.base()));
        attributes.addTo(node);
        return node.build();
    }

    /**
     * Reads what {@link #write} wrote, or any model whose graph is such regressors alone.
     *
     * @return the ensembles by node name, in the file's order
     * @throws IllegalArgumentException if the bytes are none
     */
    static Map<String, TreeEnsemble> read(byte[] onnx) {
        Map<String, TreeEnsemble> ensembles = new LinkedHashMap<>();
        GraphProto graph = graph(onnx);
        for (NodeProto node : graph.getNodeList()) {
            if (!node.getOpType().equals(REGRESSOR)) {
                throw new IllegalArgumentException("ONNX node " + node.getName() + " is a " + node.getOpType()
                        + "; only " + REGRESSOR + " is understood here");
            }
            RegressorReader reader = RegressorReader.of(node);
            ensembles.put(node.getName(), reader.ensemble(Math.max(reader.inputs(), declared(graph, node))));
        }
        if (ensembles.isEmpty()) {
            throw new IllegalArgumentException("the ONNX model holds no tree ensemble");
        }
        return ensembles;
    }

    /** Columns of a node's input as the graph declares them, which may be more than its trees look at; 0 if it doesn't say. */
    private static int declared(GraphProto graph, NodeProto node) {
        for (ValueInfoProto input : graph.getInputList()) {
            TensorShapeProto shape = input.getType().getTensorType().getShape();
            if (node.getInputList().contains(input.getName()) && shape.getDimCount() == 2) {
                return Math.toIntExact(shape.getDim(1).getDimValue());
            }
        }
        return 0;
    }

    static GraphProto graph(byte[] onnx) {
        try {
            return ModelProto.parseFrom(onnx).getGraph();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not an ONNX model: " + e.getMessage(), e);
        }
    }
}
