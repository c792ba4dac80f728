package io.outrider.core.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes state compactly and canonically: equal values give equal bytes. Integers are little-endian base-128
 * (varint), signed ones zigzag before; fixed-width values are little-endian. One instance per encoding, or cleared
 * between two.
 */
public final class StateWriter {

    /** Up to this many hundredths a double's decimal form is exact and is written instead of its bits. */
    static final long MAX_HUNDREDTHS = 1L << 52;

    private static final int MAX_VARINT = 10;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int length;

    public StateWriter() {
        this(512);
    }

    /** @param expected about as many bytes as will be written */
    public StateWriter(int expected) {
        bytes = new byte[expected];
    }

    /** Forgets what has been written, but keeps the space for it. */
    public void clear() {
        length = 0;
    }

    /** What {@code content} writes, with its length before it: as {@link #unsigned} and {@link #raw}, in place. */
    public void sized(Consumer<StateWriter> content) {
        int start = length;
        content.accept(this);
        int end = length;
        unsigned(end - start);
        byte[] prefix = Arrays.copyOfRange(bytes, end, length);
        System.arraycopy(bytes, start, bytes, start + prefix.length, end - start);
        System.arraycopy(prefix, 0, bytes, start, prefix.length);
    }

    /** An unsigned varint; 1 to 10 bytes. */
    public void unsigned(long value) {
        ensure(MAX_VARINT);
        byte[] to = bytes;
        int at = length;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to[at++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        length = at;
    }

    /** A zigzag varint: small magnitudes of either sign are short. */
    public void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    /** Four bytes. */
    public void fixedInt(int value) {
        ensure(Integer.BYTES);
        INTS.set(bytes, length, value);
        length += Integer.BYTES;
    }

    /** Eight bytes. */
    public void fixedLong(long value) {
        ensure(Long.BYTES);
        LONGS.set(bytes, length, value);
        length += Long.BYTES;
    }

    /** A double's eight bytes, bit for bit. */
    public void fixedDouble(double value) {
        fixedLong(Double.doubleToLongBits(value));
    }

    /**
     * A double, bit for bit: a whole number of hundredths, as most amounts are, as varint; any other as 0 and eight
     * bytes.
     */
    public void decimal(double value) {
        long hundredths = hundredths(value);
        if (Double.doubleToRawLongBits(hundredths / 100.0) == Double.doubleToRawLongBits(value)) {
            signedNonZero(hundredths);
        } else {
            byteValue(0);
            fixedDouble(value);
        }
    }

    /** A float, bit for bit: as {@link #decimal}, any other as 0 and four bytes. */
    public void decimal(float value) {
        long hundredths = hundredths(value);
        if (Float.floatToRawIntBits((float) (hundredths / 100.0)) == Float.floatToRawIntBits(value)) {
            signedNonZero(hundredths);
        } else {
            byteValue(0);
            fixedInt(Float.floatToIntBits(value));
        }
    }

    /** Text as its length in bytes and UTF-8. */
    public void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        unsigned(utf8.length);
        raw(utf8);
    }

    /** Bytes without their length. */
    public void raw(byte[] value) {
        raw(value, 0, value.length);
    }

    /** A part of bytes, up to and without {@code to}, without its length. */
    public void raw(byte[] value, int from, int to) {
        ensure(to - from);
        System.arraycopy(value, from, bytes, length, to - from);
        length += to - from;
    }

    /** One byte, the lowest of the value. */
    public void byteValue(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    /** How many bytes have been written. */
    public int length() {
        return length;
    }

    /** Copies what has been written to another place. */
    public void copyTo(byte[] to, int at) {
        System.arraycopy(bytes, 0, to, at, length);
    }

    /** What has been written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private static long hundredths(double value) {
        double scaled = Math.rint(value * 100);
        return Math.abs(scaled) < MAX_HUNDREDTHS ? (long) scaled : 0;
    }

    /** Zigzag plus one, so that a leading 0 stays free as the mark for raw bits. */
    private void signedNonZero(long value) {
        unsigned(((value << 1) ^ (value >> 63)) + 1);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
