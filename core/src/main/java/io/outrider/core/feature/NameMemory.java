package io.outrider.core.feature;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.Arrays;

/**
 * The names an account used last (merchants, devices, networks, ids), most recently used first, as 32-bit hashes with
 * the minute of their last use. What is not among them counts as new: a name unused while {@code capacity} others
 * were used is forgotten, and two names of one hash (one in 4 billion for each pair) are taken for one. Memory is 8
 * bytes a name. Belongs to one thread.
 */
final class NameMemory {

    private static final long MINUTE_MS = 60_000;

    private final int capacity;
    private int[] hashes = new int[2];
    private int[] minutes = new int[2];
    private int size;

    NameMemory(int capacity) {
        this.capacity = capacity;
    }

    NameMemory copy() {
        var copy = new NameMemory(capacity);
        copy.hashes = hashes.clone();
        copy.minutes = minutes.clone();
        copy.size = size;
        return copy;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** How many distinct names are remembered, at most the capacity. */
    int size() {
        return size;
    }

    boolean contains(String name) {
        return indexOf(hash(name)) >= 0;
    }

    /** Whether the name is the one used last; false if none was. */
    boolean isNewest(String name) {
        return size > 0 && hashes[0] == hash(name);
    }

    /** How many distinct names were used since a time, at most the capacity. */
    int usedSince(long timeMs) {
        int since = minute(timeMs);
        int used = 0;
        for (int i = 0; i < size; i++) {
            used += minutes[i] >= since ? 1 : 0;
        }
        return used;
    }

    /** Whether the name was used at this time or later. */
    boolean usedSince(String name, long timeMs) {
        int at = indexOf(hash(name));
        return at >= 0 && minutes[at] >= minute(timeMs);
    }

    void use(String name, long timeMs) {
        int hash = hash(name);
        int minute = minute(timeMs);
        int at = indexOf(hash);
        if (at >= 0) {
            minute = Math.max(minute, minutes[at]);
        } else {
            at = makeRoom();
        }
        System.arraycopy(hashes, 0, hashes, 1, at);
        System.arraycopy(minutes, 0, minutes, 1, at);
        hashes[0] = hash;
        minutes[0] = minute;
    }

    /** The index behind the last name, which is forgotten if the memory is full. */
    private int makeRoom() {
        if (size == capacity) {
            return size - 1;
        }
        if (size == hashes.length) {
            int larger = Math.min(capacity, size * 2);
            hashes = Arrays.copyOf(hashes, larger);
            minutes = Arrays.copyOf(minutes, larger);
        }
        return size++;
    }

    private int indexOf(int hash) {
        for (int i = 0; i < size; i++) {
            if (hashes[i] == hash) {
                return i;
            }
        }
        return -1;
    }

    void write(StateWriter out) {
        out.unsigned(size);
        int previous = 0;
        for (int i = 0; i < size; i++) {
            out.fixedInt(hashes[i]);
            out.signed((long) minutes[i] - previous);
            previous = minutes[i];
        }
    }

    void read(StateReader in) {
        size = in.unsigned(capacity);
        hashes = new int[Math.max(2, size)];
        minutes = new int[Math.max(2, size)];
        long previous = 0;
        for (int i = 0; i < size; i++) {
            hashes[i] = in.fixedInt();
            previous += in.signed();
            if (previous != (int) previous) {
                throw in.damaged("a time out of range");
            }
            minutes[i] = (int) previous;
        }
    }

    private static int minute(long timeMs) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Math.floorDiv(timeMs, MINUTE_MS)));
    }

    /**
     * FNV-1a over UTF-16 units with Murmur3's finalizer: the same on every machine, and well spread for short similar
     * names.
     */
    static int hash(String name) {
        int h = 0x811c9dc5;
        for (int i = 0; i < name.length(); i++) {
            h = (h ^ name.charAt(i)) * 0x01000193;
        }
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
