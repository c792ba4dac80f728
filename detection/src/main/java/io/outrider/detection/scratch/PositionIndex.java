package io.outrider.detection.scratch;

import java.util.Arrays;

/**
 * Positions under 64-bit hashes: open addressing with linear probing, removal by shifting back (Knuth, TAOCP 3, 6.4,
 * algorithm R). Several positions may stand under one hash; whoever looks decides which is meant. 16 bytes a slot, at
 * most three quarters of them taken, so 21 to 43 bytes an entry once it has grown. Belongs to one thread.
 */
final class PositionIndex {

    private static final int FIRST_CAPACITY = 16;

    private long[] hashes = new long[FIRST_CAPACITY];

    /** Position + 1; 0 where the slot is free. */
    private long[] places = new long[FIRST_CAPACITY];

    private int size;

    int size() {
        return size;
    }

    /** The first slot under a hash; -1 if there is none. */
    int first(long hash) {
        return from(home(hash), hash);
    }

    /** The next slot under the same hash; -1 if there is none. */
    int next(int slot, long hash) {
        return from((slot + 1) & (places.length - 1), hash);
    }

    private int from(int start, long hash) {
        int slot = start;
        while (places[slot] != 0) {
            if (hashes[slot] == hash) {
                return slot;
            }
            slot = (slot + 1) & (places.length - 1);
        }
        return -1;
    }

    long position(int slot) {
        return places[slot] - 1;
    }

    /** The slot that holds a position under a hash; -1 if none does. */
    int slotOf(long hash, long position) {
        int slot = first(hash);
        while (slot >= 0 && position(slot) != position) {
            slot = next(slot, hash);
        }
        return slot;
    }

    void move(int slot, long position) {
        places[slot] = position + 1;
    }

    void add(long hash, long position) {
        if ((size + 1) * 4L > places.length * 3L) {
            grow();
        }
        int slot = home(hash);
        while (places[slot] != 0) {
            slot = (slot + 1) & (places.length - 1);
        }
        hashes[slot] = hash;
        places[slot] = position + 1;
        size++;
    }

    /** Empties a slot and closes the gap; slots found before are no longer valid. */
    void remove(int slot) {
        int mask = places.length - 1;
        int gap = slot;
        int probe = slot;
        while (true) {
            probe = (probe + 1) & mask;
            if (places[probe] == 0) {
                break;
            }
            // An entry may move into the gap unless its home lies behind it, cyclically in (gap, probe].
            int distance = (probe - home(hashes[probe])) & mask;
            if (distance >= ((probe - gap) & mask)) {
                hashes[gap] = hashes[probe];
                places[gap] = places[probe];
                gap = probe;
            }
        }
        places[gap] = 0;
        size--;
    }

    void clear() {
        hashes = new long[FIRST_CAPACITY];
        places = new long[FIRST_CAPACITY];
        size = 0;
    }

    /** All positions, ascending. */
    long[] positions() {
        long[] all = new long[size];
        int count = 0;
        for (long place : places) {
            if (place != 0) {
                all[count++] = place - 1;
            }
        }
        Arrays.sort(all);
        return all;
    }

    /** The sum of the hashes of all positions. */
    long sumOfHashes() {
        long sum = 0;
        for (int slot = 0; slot < places.length; slot++) {
            sum += places[slot] == 0 ? 0 : hashes[slot];
        }
        return sum;
    }

    private int home(long hash) {
        return (int) hash & (places.length - 1);
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldPlaces = places;
        hashes = new long[oldPlaces.length * 2];
        places = new long[oldPlaces.length * 2];
        size = 0;
        for (int slot = 0; slot < oldPlaces.length; slot++) {
            if (oldPlaces[slot] != 0) {
                add(oldHashes[slot], oldPlaces[slot] - 1);
            }
        }
    }
}
