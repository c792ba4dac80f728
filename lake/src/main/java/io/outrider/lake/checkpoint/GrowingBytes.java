package io.outrider.lake.checkpoint;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Bytes that grow by blocks, and are copied once, when they are all there: a doubling array is several times as much memory. */
final class GrowingBytes extends OutputStream {

    private static final int BLOCK = 256 << 10;

    /** Full ones. */
    private final List<byte[]> before = new ArrayList<>();

    private byte[] block = new byte[BLOCK];
    private int used;

    int size() {
        return before.size() * BLOCK + used;
    }

    @Override
    public void write(int value) {
        makeRoom();
        block[used++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int start, int length) {
        int at = start;
        int end = start + length;
        while (at < end) {
            makeRoom();
            int fits = Math.min(end - at, BLOCK - used);
            System.arraycopy(from, at, block, used, fits);
            used += fits;
            at += fits;
        }
    }

    private void makeRoom() {
        if (used == BLOCK) {
            before.add(block);
            block = new byte[BLOCK];
            used = 0;
        }
    }

    byte[] toByteArray() {
        byte[] all = new byte[size()];
        int at = 0;
        for (byte[] full : before) {
            System.arraycopy(full, 0, all, at, BLOCK);
            at += BLOCK;
        }
        System.arraycopy(block, 0, all, at, used);
        return all;
    }
}
