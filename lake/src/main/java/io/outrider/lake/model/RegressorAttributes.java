package io.outrider.lake.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;

/** Collects the parallel lists that describe a TreeEnsembleRegressor, node by node. */
final class RegressorAttributes {

    private static final ByteString LEAF = ByteString.copyFromUtf8("LEAF");
    private static final ByteString BRANCH = ByteString.copyFromUtf8("BRANCH_LEQ");

    private final AttributeProto.Builder treeIds = ints("nodes_treeids");
    private final AttributeProto.Builder nodeIds = ints("nodes_nodeids");
    private final AttributeProto.Builder featureIds = ints("nodes_featureids");
    private final AttributeProto.Builder values = floats("nodes_values");
    private final AttributeProto.Builder hitRates = floats("nodes_hitrates");
    private final AttributeProto.Builder modes =
            AttributeProto.newBuilder().setName("nodes_modes").setType(AttributeType.STRINGS);
    private final AttributeProto.Builder trueIds = ints("nodes_truenodeids");
    private final AttributeProto.Builder falseIds = ints("nodes_falsenodeids");
    private final AttributeProto.Builder missing = ints("nodes_missing_value_tracks_true");
    private final AttributeProto.Builder targetTreeIds = ints("target_treeids");
    private final AttributeProto.Builder targetNodeIds = ints("target_nodeids");
    private final AttributeProto.Builder targetIds = ints("target_ids");
    private final AttributeProto.Builder targetWeights = floats("target_weights");

    private static AttributeProto.Builder ints(String name) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    }

    private static AttributeProto.Builder floats(String name) {
        return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOATS);
    }

    /** Begins a node; {@link #leaf} or {@link #split} follows. */
    void place(int tree, int node, float cover) {
        treeIds.addInts(tree);
        nodeIds.addInts(node);
        hitRates.addFloats(cover);
    }

    void leaf(int tree, int node, float value) {
        modes.addStrings(LEAF);
        featureIds.addInts(0);
        values.addFloats(0);
        trueIds.addInts(0);
        falseIds.addInts(0);
        missing.addInts(0);
        targetTreeIds.addInts(tree);
        targetNodeIds.addInts(node);
        targetIds.addInts(0);
        targetWeights.addFloats(value);
    }

    /** A split whose right child stands after its left one. */
    void split(int feature, float threshold, boolean missingLeft, int left) {
        modes.addStrings(BRANCH);
        featureIds.addInts(feature);
        values.addFloats(threshold);
        trueIds.addInts(left);
        falseIds.addInts(left + 1L);
        missing.addInts(missingLeft ? 1 : 0);
    }

    void addTo(NodeProto.Builder node) {
        node.addAttribute(AttributeProto.newBuilder()
                        .setName("n_targets")
                        .setType(AttributeType.INT)
                        .setI(1))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("post_transform")
                        .setType(AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8("NONE")))
                .addAttribute(treeIds)
                .addAttribute(nodeIds)
                .addAttribute(featureIds)
                .addAttribute(modes)
                .addAttribute(values)
                .addAttribute(trueIds)
                .addAttribute(falseIds)
                .addAttribute(hitRates)
                .addAttribute(missing)
                .addAttribute(targetTreeIds)
                .addAttribute(targetNodeIds)
                .addAttribute(targetIds)
                .addAttribute(targetWeights);
    }
}
