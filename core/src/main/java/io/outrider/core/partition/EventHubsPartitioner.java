package io.outrider.core.partition;

import java.nio.charset.StandardCharsets;

/**
 * What the Event Hubs service does with a partition key over AMQP and HTTPS, and the Azure SDKs' buffered producers
 * with it: Bob Jenkins' lookup3 ({@code hashlittle2}, 2006) with both seeds zero, its two results xor-ed and cut to
 * 16 signed bits, modulo the partitions, sign dropped. Bytes count as unsigned, as in the service; the Java SDK's own
 * port sign-extends the last few bytes of keys that are not ASCII.
 */
final class EventHubsPartitioner implements AccountPartitioner {

    @Override
    public String name() {
        return "event-hubs";
    }

    @Override
    public int partition(String account, int partitions) {
        return Math.abs(hash(account.getBytes(StandardCharsets.UTF_8)) % partitions);
    }

    static short hash(byte[] key) {
        int a = 0xdeadbeef + key.length;
        int b = a;
        int c = a;
        int at = 0;
        for (; key.length - at > 12; at += 12) {
            a += LittleEndian.intAt(key, at);
            b += LittleEndian.intAt(key, at + 4);
            c += LittleEndian.intAt(key, at + 8);
            a = (a - c) ^ Integer.rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ Integer.rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        if (at == key.length) {
            return (short) (c ^ b);
        }
        a += LittleEndian.tail(key, at);
        b += LittleEndian.tail(key, at + 4);
        c += LittleEndian.tail(key, at + 8);
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
        return (short) (c ^ b);
    }
}
