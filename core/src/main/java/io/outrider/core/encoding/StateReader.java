package io.outrider.core.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link StateWriter} wrote. Every method throws IllegalArgumentException where the bytes end early or
 * make no sense, before anything is allocated for them. One instance per decoding.
 */
public final class StateReader {

    private final byte[] bytes;
    private int at;

    public StateReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** An unsigned varint. */
    public long unsigned() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = byteValue();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw damaged("a varint does not end");
    }

    /** An unsigned varint of at most {@code max}: a size or a counter with a bound. */
    public int unsigned(int max) {
        long value = unsigned();
        if (value < 0 || value > max) {
            throw damaged(Long.toUnsignedString(value) + " exceeds " + max);
        }
        return (int) value;
    }

    /** A zigzag varint. */
    public long signed() {
        return unzigzag(unsigned());
    }

    /** Four bytes. */
    public int fixedInt() {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= byteValue() << shift;
        }
        return value;
    }

    /** Eight bytes. */
    public long fixedLong() {
        long low = fixedInt() & 0xffff_ffffL;
        return low | ((long) fixedInt() << 32);
    }

    /** A finite double's eight bytes. */
    public double fixedDouble() {
        return finite(Double.longBitsToDouble(fixedLong()));
    }

    /** A finite double as {@link StateWriter#decimal(double)} writes it. */
    public double decimal() {
        long tag = unsigned();
        return tag == 0 ? fixedDouble() : hundredths(tag) / 100.0;
    }

    /** A finite float as {@link StateWriter#decimal(float)} writes it. */
    public float decimalFloat() {
        long tag = unsigned();
        return tag == 0 ? (float) finite(Float.intBitsToFloat(fixedInt())) : (float) (hundredths(tag) / 100.0);
    }

    /** Text of at most so many bytes of UTF-8. */
    public String text(int maxBytes) {
        int length = unsigned(maxBytes);
        if (length > bytes.length - at) {
            throw damaged("text ends early");
        }
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    /** So many bytes. */
    public byte[] raw(int length) {
        if (length < 0 || length > bytes.length - at) {
            throw damaged("bytes end early");
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** How many bytes have been read. */
    public int position() {
        return at;
    }

    /** Bytes that have been read, from a {@link #position} up to another, without it. */
    public byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /** One byte, 0 to 255. */
    public int byteValue() {
        if (at >= bytes.length) {
            throw damaged("bytes end early");
        }
        return bytes[at++] & 0xff;
    }

    /** Throws unless everything has been read. */
    public void end() {
        if (at != bytes.length) {
            throw damaged((bytes.length - at) + " bytes too many");
        }
    }

    /** The exception for bytes that make no sense here. */
    public IllegalArgumentException damaged(String what) {
        return new IllegalArgumentException("damaged state at byte " + at + " of " + bytes.length + ": " + what);
    }

    private long hundredths(long tag) {
        long value = unzigzag(tag - 1);
        if (value <= -StateWriter.MAX_HUNDREDTHS || value >= StateWriter.MAX_HUNDREDTHS) {
            throw damaged("a decimal out of range");
        }
        return value;
    }

    private double finite(double value) {
        if (!Double.isFinite(value)) {
            throw damaged("a number that is not finite");
        }
        return value;
    }

    private static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }
}
