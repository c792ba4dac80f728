package io.outrider.core.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of a tree ensemble's content: inputs, base, and for each tree its nodes in stored order (input, threshold, left
 * child relative to the tree's root, missing-left, value, cover), big-endian. Equal ensembles, equal digests, whatever
 * file they lay in between.
 */
final class EnsembleDigest {

    private EnsembleDigest() {}

    static String of(TreeEnsemble trees) {
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(16)
                .putInt(trees.inputs())
                .putInt(trees.trees())
                .putDouble(trees.base())
                .array());
        ByteBuffer node = ByteBuffer.allocate(21);
        for (int tree = 0; tree < trees.trees(); tree++) {
            int root = trees.root(tree);
            int end = tree + 1 < trees.trees() ? trees.root(tree + 1) : trees.nodes();
            for (int i = root; i < end; i++) {
                node.clear();
                node.putInt(trees.feature(i)).putFloat(trees.threshold(i)).putInt(trees.left(i) - root);
                node.put((byte) (trees.missingLeft(i) ? 1 : 0));
                node.putFloat(trees.value(i)).putFloat(trees.cover(i));
                digest.update(node.array());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String of(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
