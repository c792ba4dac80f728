package io.outrider.lake.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.outrider.core.model.TreeEnsemble;
import io.outrider.core.model.TreeEnsembleBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the trees of one TreeEnsembleRegressor with a single target. Splits of mode BRANCH_LEQ are taken as they are,
 * those of mode BRANCH_LT (below, not at) under the next smaller threshold; other modes are refused. Where the hit rates
 * don't add up (some exporters write 1 everywhere), both children of a split count as equally likely.
 */
final class RegressorReader {

    /** More levels than that are a cycle or an attack, not a tree. */
    private static final int DEEPEST = 512;

    private final Map<String, AttributeProto> attributes;
    private final List<Long> treeIds;
    private final List<Long> nodeIds;
    private final List<Long> featureIds;
    private final List<Long> trueIds;
    private final List<Long> falseIds;
    private final List<Float> thresholds;
    private final Map<Long, Map<Long, Integer>> places = new HashMap<>();
    private final Map<Long, Map<Long, Float>> leafValues = new HashMap<>();
    private int inputs;

    private RegressorReader(NodeProto node) {
        attributes = new HashMap<>();
        node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
        treeIds = ints("nodes_treeids");
        nodeIds = ints("nodes_nodeids");
        featureIds = ints("nodes_featureids");
        trueIds = ints("nodes_truenodeids");
        falseIds = ints("nodes_falsenodeids");
        thresholds = attribute("nodes_values").getFloatsList();
        for (int i = 0; i < treeIds.size(); i++) {
            places.computeIfAbsent(treeIds.get(i), tree -> new HashMap<>()).put(nodeIds.get(i), i);
            inputs = Math.max(inputs, Math.toIntExact(featureIds.get(i)) + 1);
        }
        List<Long> targetTrees = ints("target_treeids");
        List<Long> targetNodes = ints("target_nodeids");
        for (int i = 0; i < targetTrees.size(); i++) {
            leafValues
                    .computeIfAbsent(targetTrees.get(i), tree -> new HashMap<>())
                    .put(targetNodes.get(i), attribute("target_weights").getFloats(i));
        }
    }

    static RegressorReader of(NodeProto node) {
        try {
            return new RegressorReader(node);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new IllegalArgumentException("the lists of tree ensemble " + node.getName() + " don't match", e);
        }
    }

    /** How many inputs the trees look at, at least: the highest that a split names, and those before. */
    int inputs() {
        return inputs;
    }

    /** The ensemble over so many inputs. */
    TreeEnsemble ensemble(int columns) {
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(columns);
        addTo(builder, Leaves.AS_THEY_ARE);
        AttributeProto base = attributes.get("base_values");
        return builder.build(base == null || base.getFloatsCount() == 0 ? 0 : base.getFloats(0));
    }

    /** Turns a leaf of the file into the value and cover it shall have. */
    interface Leaves {
        Leaves AS_THEY_ARE = (leaf, builder) -> builder.leaf(leaf.value, leaf.cover);

        int add(Leaf leaf, TreeEnsembleBuilder builder);
    }

    /**
     * A leaf in the file.
     *
     * @param node its id in its tree
     * @param depth splits above it
     */
    record Leaf(long node, int depth, float value, float cover) {}

    void addTo(TreeEnsembleBuilder builder, Leaves leaves) {
        boolean covers = hitRatesAddUp();
        treeIds.stream()
                .distinct()
                .forEach(tree -> builder.endTree(new Subtree(tree, covers, builder, leaves).add(rootOf(tree), 0)));
    }

    /** One tree under way. */
    private final class Subtree {
        private final long tree;
        private final boolean covers;
        private final TreeEnsembleBuilder builder;
        private final Leaves leaves;

        Subtree(long tree, boolean covers, TreeEnsembleBuilder builder, Leaves leaves) {
            this.tree = tree;
            this.covers = covers;
            this.builder = builder;
            this.leaves = leaves;
        }

        int add(long node, int depth) {
            int at = place(tree, node);
            String mode = attribute("nodes_modes").getStrings(at).toStringUtf8();
            if (depth > DEEPEST) {
                throw new IllegalArgumentException("tree " + tree + " is deeper than " + DEEPEST);
            }
            if (mode.equals("LEAF")) {
                float value = leafValues.getOrDefault(tree, Map.of()).getOrDefault(node, 0f);
                float cover = covers ? attribute("nodes_hitrates").getFloats(at) : (float) Math.pow(2, -depth);
                return leaves.add(new Leaf(node, depth, value, cover), builder);
            }
            int left = add(trueIds.get(at), depth + 1);
            int right = add(falseIds.get(at), depth + 1);
            AttributeProto missing = attributes.get("nodes_missing_value_tracks_true");
            boolean missingLeft = missing != null && missing.getIntsCount() > 0 && missing.getInts(at) != 0;
            return builder.split(
                    Math.toIntExact(featureIds.get(at)), threshold(mode, thresholds.get(at)), missingLeft, left, right);
        }
    }

    private static float threshold(String mode, float value) {
        return switch (mode) {
            case "BRANCH_LEQ" -> value;
            case "BRANCH_LT" -> Math.nextDown(value);
            default -> throw new IllegalArgumentException("tree splits of mode " + mode + " are not understood");
        };
    }

    /** The node that is nobody's child: by convention the tree's first. */
    private long rootOf(long tree) {
        return nodeIds.get(treeIds.indexOf(tree));
    }

    private boolean hitRatesAddUp() {
        AttributeProto rates = attributes.get("nodes_hitrates");
        if (rates == null || rates.getFloatsCount() != treeIds.size()) {
            return false;
        }
        for (int i = 0; i < treeIds.size(); i++) {
            if (!(rates.getFloats(i) > 0)) {
                return false;
            }
            if (!attribute("nodes_modes").getStrings(i).toStringUtf8().equals("LEAF")) {
                float left = rates.getFloats(place(treeIds.get(i), trueIds.get(i)));
                float right = rates.getFloats(place(treeIds.get(i), falseIds.get(i)));
                if (rates.getFloats(i) != left + right) {
                    return false;
                }
            }
        }
        return true;
    }

    private int place(long tree, long node) {
        Integer at = places.getOrDefault(tree, Map.of()).get(node);
        if (at == null) {
            throw new IllegalArgumentException("tree " + tree + " has no node " + node);
        }
        return at;
    }

    private List<Long> ints(String name) {
        return attribute(name).getIntsList();
    }

    private AttributeProto attribute(String name) {
        AttributeProto attribute = attributes.get(name);
        if (attribute == null) {
            throw new IllegalArgumentException("the tree ensemble has no " + name);
        }
        return attribute;
    }
}
