package io.outrider.core.model;

/** Random ensembles and rows for tests. */
final class RandomTrees {

    private RandomTrees() {}

    static TreeEnsemble ensemble(SplitMix random, int inputs, int trees, int depth) {
        return ensemble(random, inputs, trees, depth, 1);
    }

    /** With thresholds from 0 to {@code large}. */
    static TreeEnsemble ensemble(SplitMix random, int inputs, int trees, int depth, double large) {
        TreeEnsembleBuilder builder = new TreeEnsembleBuilder(inputs);
        for (int tree = 0; tree < trees; tree++) {
            builder.endTree(grow(builder, random, inputs, depth, large));
        }
        return builder.build(random.nextDouble());
    }

    private static int grow(TreeEnsembleBuilder builder, SplitMix random, int inputs, int depth, double large) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return builder.leaf((float) random.nextDouble() - 0.5f, 1 + random.nextInt(50));
        }
        int left = grow(builder, random, inputs, depth - 1, large);
        int right = grow(builder, random, inputs, depth - 1, large);
        int input = random.nextInt(inputs);
        float threshold = (float) (random.nextDouble() * large);
        return builder.split(input, threshold, random.nextInt(2) == 0, left, right);
    }

    static float[] row(SplitMix random, int inputs, boolean missing) {
        float[] row = new float[inputs];
        for (int i = 0; i < inputs; i++) {
            row[i] = missing && random.nextInt(4) == 0 ? Float.NaN : (float) random.nextDouble();
        }
        return row;
    }

    /** A plain walk, node by node, as the class describes it. */
    static double walk(TreeEnsemble trees, float[] row) {
        double sum = trees.base();
        for (int tree = 0; tree < trees.trees(); tree++) {
            int node = trees.root(tree);
            while (!trees.isLeaf(node)) {
                float input = row[trees.feature(node)];
                boolean toLeft = Float.isNaN(input) ? trees.missingLeft(node) : input <= trees.threshold(node);
                node = trees.left(node) + (toLeft ? 0 : 1);
            }
            sum += trees.value(node);
        }
        return sum;
    }
}
