package io.outrider.core.partition;

import java.nio.charset.StandardCharsets;

/**
 * Kafka's default for records with a key: MurmurHash2 (Austin Appleby; 32 bit, Kafka's seed) of the key, sign bit
 * cleared, modulo the partitions.
 */
final class Murmur2Partitioner implements AccountPartitioner {

    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;

    @Override
    public String name() {
        return "murmur2";
    }

    @Override
    public int partition(String account, int partitions) {
        return (hash(account.getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % partitions;
    }

    static int hash(byte[] key) {
        int h = SEED ^ key.length;
        int at = 0;
        for (; at + 4 <= key.length; at += 4) {
            int k = LittleEndian.intAt(key, at) * M;
            k ^= k >>> 24;
            h = h * M ^ k * M;
        }
        int rest = LittleEndian.tail(key, at);
        if (at < key.length) {
            h = (h ^ rest) * M;
        }
        h ^= h >>> 13;
        h *= M;
        return h ^ h >>> 15;
    }
}
