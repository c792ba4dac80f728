package io.outrider.core.risk;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** The last four bytes of what is stored: CRC-32C (Castagnoli) of all before, little-endian. */
final class Checksum {

    private Checksum() {}

    static byte[] append(byte[] content) {
        byte[] all = Arrays.copyOf(content, content.length + 4);
        int sum = of(content, content.length);
        for (int i = 0; i < 4; i++) {
            all[content.length + i] = (byte) (sum >>> (8 * i));
        }
        return all;
    }

    /** The content without its checksum; IllegalArgumentException if that is wrong. */
    static byte[] verified(byte[] all) {
        int length = all.length - 4;
        int found = 0;
        for (int i = 0; i < 4 && length >= 0; i++) {
            found |= (all[length + i] & 0xff) << (8 * i);
        }
        if (length < 0 || found != of(all, length)) {
            throw new IllegalArgumentException("damaged: " + all.length + " bytes with a wrong checksum");
        }
        return Arrays.copyOf(all, length);
    }

    private static int of(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
