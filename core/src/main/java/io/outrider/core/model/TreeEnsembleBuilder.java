package io.outrider.core.model;

import java.util.Arrays;

/**
 * Puts a {@link TreeEnsemble} together, tree by tree and each from its leaves up: {@link #leaf} and {@link #split} give
 * ids that hold until {@link #endTree}, which takes the root's. Belongs to one thread.
 */
public final class TreeEnsembleBuilder {

    /** The nodes of the tree under way; children by id. */
    private static final class Pool {
        int size;
        int[] feature = new int[1024];
        float[] threshold = new float[1024];
        int[] left = new int[1024];
        int[] right = new int[1024];
        boolean[] missingLeft = new boolean[1024];
        float[] value = new float[1024];
        float[] cover = new float[1024];

        int next() {
            if (size == feature.length) {
                int larger = size * 2;
                feature = Arrays.copyOf(feature, larger);
                threshold = Arrays.copyOf(threshold, larger);
                left = Arrays.copyOf(left, larger);
                right = Arrays.copyOf(right, larger);
                missingLeft = Arrays.copyOf(missingLeft, larger);
                value = Arrays.copyOf(value, larger);
                cover = Arrays.copyOf(cover, larger);
            }
            return size++;
        }
    }

    private final int inputs;
    private final Pool given = new Pool();
    private long[] packed = new long[1024];
    private float[] value = new float[1024];
    private float[] cover = new float[1024];
    private int laid;
    private int[] roots = new int[128];
    private int trees;

    public TreeEnsembleBuilder(int inputs) {
        if (inputs < 1 || inputs > TreeEnsemble.MOST_INPUTS) {
            throw new IllegalArgumentException(
                    "an ensemble needs 1 to " + TreeEnsemble.MOST_INPUTS + " inputs: " + inputs);
        }
        this.inputs = inputs;
    }

    /**
     * A leaf.
     *
     * @param cover how many training rows reached it, or their weight; positive
     */
    public int leaf(float value, float cover) {
        requireFinite(value, "leaf value");
        if (!(cover > 0) || !Float.isFinite(cover)) {
            throw new IllegalArgumentException("cover must be positive: " + cover);
        }
        int id = given.next();
        given.left[id] = id;
        given.right[id] = id;
        given.feature[id] = 0;
        given.threshold[id] = Float.POSITIVE_INFINITY;
        given.missingLeft[id] = true;
        given.value[id] = value;
        given.cover[id] = cover;
        return id;
    }

    /** A split on one input, over two nodes made before: at or below the threshold goes left. */
    public int split(int input, float threshold, boolean missingLeft, int left, int right) {
        if (input < 0 || input >= inputs) {
            throw new IllegalArgumentException("input " + input + " of " + inputs);
        }
        if (left < 0 || left >= given.size || right < 0 || right >= given.size || left == right) {
            throw new IllegalArgumentException("children " + left + " and " + right + " of " + given.size + " nodes");
        }
        requireFinite(threshold, "threshold");
        int id = given.next();
        given.feature[id] = input;
        given.threshold[id] = threshold;
        given.missingLeft[id] = missingLeft;
        given.left[id] = left;
        given.right[id] = right;
        given.value[id] = 0;
        given.cover[id] = given.cover[left] + given.cover[right];
        return id;
    }

    /** Ends the tree under the given root; ids start anew. Nodes that the root does not reach are left out. */
    public void endTree(int root) {
        if (given.size > TreeEnsemble.MOST_NODES) {
            throw new IllegalArgumentException(
                    "a tree of " + given.size + " nodes; the most is " + TreeEnsemble.MOST_NODES);
        }
        reserve(laid + given.size);
        int[] queue = new int[given.size];
        int queued = 0;
        queue[queued++] = root;
        for (int i = 0; i < queued; i++) {
            int id = queue[i];
            int child = 0;
            if (given.left[id] != id) {
                if (queued + 2 > queue.length) {
                    throw new IllegalArgumentException("a node stands under two parents");
                }
                child = queued - i;
                queue[queued++] = given.left[id];
                queue[queued++] = given.right[id];
            }
            packed[laid + i] = TreeEnsemble.pack(given.feature[id], given.threshold[id], given.missingLeft[id], child);
            value[laid + i] = given.value[id];
            cover[laid + i] = given.cover[id];
        }
        if (trees == roots.length) {
            roots = Arrays.copyOf(roots, trees * 2);
        }
        roots[trees++] = laid;
        laid += queued;
        given.size = 0;
    }

    private void reserve(int nodes) {
        if (nodes > packed.length) {
            int larger = Math.max(nodes, packed.length * 2);
            packed = Arrays.copyOf(packed, larger);
            value = Arrays.copyOf(value, larger);
            cover = Arrays.copyOf(cover, larger);
        }
    }

    /** The ensemble of all trees ended so far; {@code base}, kept as a 32-bit float, is added to their sum. */
    public TreeEnsemble build(double base) {
        if (trees == 0) {
            throw new IllegalArgumentException("an ensemble needs at least one tree");
        }
        return new TreeEnsemble(
                inputs,
                (float) base,
                Arrays.copyOf(roots, trees),
                new TreeEnsemble.Nodes(
                        Arrays.copyOf(packed, laid), Arrays.copyOf(value, laid), Arrays.copyOf(cover, laid)));
    }

    private static void requireFinite(float number, String what) {
        if (!Float.isFinite(number)) {
            throw new IllegalArgumentException(what + " must be finite: " + number);
        }
    }
}
