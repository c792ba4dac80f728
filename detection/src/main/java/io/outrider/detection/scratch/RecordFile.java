package io.outrider.detection.scratch;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Names and states as records in a file that is only appended to, in segments of equal size that are used again when
 * nothing in them counts any more (Rosenblum and Ousterhout, "The Design and Implementation of a Log-Structured File
 * System", TOCS 1992). A record is the name's length, the state's, a checksum of both, four bytes each, the name and the
 * state. What is read is verified: a disk that gives back something else must not pass for an account that was never
 * there. Belongs to one thread, but for {@link #readSegment}. Cost: one buffered write a record, one positioned read to
 * have it again.
 */
final class RecordFile {

    private static final int HEADER_BYTES = 12;
    private static final int BUFFER_BYTES = 64 << 10;
    /** What a first look at a record reads: most records whole. */
    private static final int LOOK_BYTES = 4 << 10;

    private final FileChannel channel;
    private final int segmentBytes;

    /** Records appended and not yet written; they lie in the file from {@link #bufferStart} on. */
    private final ByteBuffer buffer;

    private final ByteBuffer look;
    private long bufferStart;

    /** Bytes appended to each segment, 0 for a free one, and bytes of those that still count. */
    private int[] used = new int[8];

    private int[] live = new int[8];
    private int segments = 1;
    private int tail;
    private long usedBytes;
    private long liveBytes;

    /** While set, what has been appended stays readable: no segment is used again. */
    private boolean frozen;

    RecordFile(FileChannel channel, int segmentBytes) {
        this.channel = channel;
        this.segmentBytes = segmentBytes;
        this.buffer = ByteBuffer.allocate(Math.min(BUFFER_BYTES, segmentBytes));
        this.look = ByteBuffer.allocate(Math.min(LOOK_BYTES, segmentBytes));
    }

    /** What lies at a position. */
    record Stored(byte[] name, byte[] state) {}

    /** Takes a record. */
    interface Visitor {

        void visit(Stored record, long position) throws IOException;
    }

    /** A record's length in the file. */
    static int length(byte[] name, byte[] state) {
        return HEADER_BYTES + name.length + state.length;
    }

    /** Appends a record and returns its position. */
    long append(byte[] name, byte[] state) throws IOException {
        int length = length(name, state);
        if (length > segmentBytes) {
            throw new IOException("an account of " + length + " bytes is above the limit of " + segmentBytes);
        }
        if (used[tail] + length > segmentBytes) {
            flush();
            startSegment();
        }
        if (buffer.remaining() < length) {
            flush();
        }
        long position = (long) tail * segmentBytes + used[tail];
        if (length > buffer.capacity()) {
            ByteBuffer whole = ByteBuffer.allocate(length);
            put(whole, name, state);
            write(whole.flip(), position);
        } else {
            if (buffer.position() == 0) {
                bufferStart = position;
            }
            put(buffer, name, state);
        }
        used[tail] += length;
        live[tail] += length;
        usedBytes += length;
        liveBytes += length;
        return position;
    }

    /** The record at a position. */
    Stored read(long position) throws IOException {
        if (buffer.position() > 0 && position >= bufferStart && position < bufferStart + buffer.position()) {
            return record(buffer.duplicate().flip(), (int) (position - bufferStart), position);
        }
        look.clear();
        readFully(look, position, HEADER_BYTES);
        int length = length(look, 0, position);
        if (look.position() >= length) {
            return record(look, 0, position);
        }
        ByteBuffer whole = ByteBuffer.allocate(length);
        readFully(whole, position, length);
        return record(whole, 0, position);
    }

    /** The record at a position does not count any more. */
    void drop(long position, int length) {
        int segment = (int) (position / segmentBytes);
        live[segment] -= length;
        liveBytes -= length;
        if (!frozen) {
            freeIfEmpty(segment);
        }
    }

    /** Keeps everything readable that is in the file now, for {@link #readSegment}. */
    void freeze() throws IOException {
        flush();
        frozen = true;
    }

    /** Lets segments be used again. */
    void thaw() {
        frozen = false;
        for (int segment = 0; segment < segments; segment++) {
            freeIfEmpty(segment);
        }
    }

    /** The segment to empty next so that the file does not outgrow what counts; -1 if there is no need. */
    int wasteful() {
        if (frozen || usedBytes <= 2 * liveBytes + 2L * segmentBytes) {
            return -1;
        }
        int emptiest = -1;
        for (int segment = 0; segment < segments; segment++) {
            if (segment != tail && used[segment] > 0 && (emptiest < 0 || live[segment] < live[emptiest])) {
                emptiest = segment;
            }
        }
        return emptiest;
    }

    int segmentOf(long position) {
        return (int) (position / segmentBytes);
    }

    /** Bytes in use in the file; those of free segments are left out. */
    long usedBytes() {
        return usedBytes;
    }

    /** A segment's records that lie in the file, from its beginning; any thread may ask. */
    ByteBuffer readSegment(int segment) throws IOException {
        long start = (long) segment * segmentBytes;
        ByteBuffer whole = ByteBuffer.allocate((int) Math.max(0, Math.min(segmentBytes, channel.size() - start)));
        // In pieces: the system would keep a buffer of its own as large as the largest piece for every thread.
        for (int end = BUFFER_BYTES; whole.position() < whole.capacity(); end += BUFFER_BYTES) {
            whole.limit(Math.min(end, whole.capacity()));
            readFully(whole, start, whole.limit());
        }
        return whole.flip();
    }

    /** The record at a position, out of its segment; any thread may ask. */
    Stored in(ByteBuffer segment, long position) throws IOException {
        return record(segment, (int) (position % segmentBytes), position);
    }

    /** Passes on all records of a segment that is not the one appended to. */
    void visitAll(int number, Visitor visitor) throws IOException {
        ByteBuffer segment = readSegment(number);
        int filled = used[number];
        long start = (long) number * segmentBytes;
        for (int offset = 0; offset < filled; ) {
            Stored record = record(segment, offset, start + offset);
            visitor.visit(record, start + offset);
            offset += length(record.name(), record.state());
        }
    }

    void clear() {
        buffer.clear();
        Arrays.fill(used, 0);
        Arrays.fill(live, 0);
        segments = 1;
        tail = 0;
        usedBytes = 0;
        liveBytes = 0;
        frozen = false;
    }

    void flush() throws IOException {
        if (buffer.position() > 0) {
            write(buffer.flip(), bufferStart);
            buffer.clear();
        }
    }

    private void startSegment() {
        int free = -1;
        for (int segment = 0; segment < segments && free < 0; segment++) {
            free = used[segment] == 0 ? segment : -1;
        }
        if (free < 0) {
            free = segments++;
            if (free == used.length) {
                used = Arrays.copyOf(used, free * 2);
                live = Arrays.copyOf(live, free * 2);
            }
        }
        int full = tail;
        tail = free;
        if (!frozen) {
            freeIfEmpty(full);
        }
    }

    private void freeIfEmpty(int segment) {
        if (segment != tail && live[segment] == 0) {
            usedBytes -= used[segment];
            used[segment] = 0;
        }
    }

    private static void put(ByteBuffer into, byte[] name, byte[] state) {
        into.putInt(name.length).putInt(state.length).putInt(checksum(name, state));
        into.put(name).put(state);
    }

    /** Inverted, so that zeros are not a record. */
    private static int checksum(byte[] name, byte[] state) {
        CRC32C crc = new CRC32C();
        crc.update(name);
        crc.update(state);
        return ~(int) crc.getValue();
    }

    private Stored record(ByteBuffer from, int at, long position) throws IOException {
        if (length(from, at, position) > from.limit() - at) {
            throw damaged(position);
        }
        byte[] name = new byte[from.getInt(at)];
        byte[] state = new byte[from.getInt(at + 4)];
        from.get(at + HEADER_BYTES, name).get(at + HEADER_BYTES + name.length, state);
        if (checksum(name, state) != from.getInt(at + 8)) {
            throw damaged(position);
        }
        return new Stored(name, state);
    }

    private int length(ByteBuffer header, int at, long position) throws IOException {
        if (header.limit() - at < HEADER_BYTES) {
            throw damaged(position);
        }
        long name = header.getInt(at);
        long state = header.getInt(at + 4);
        if (name < 0 || state < 0 || HEADER_BYTES + name + state > segmentBytes) {
            throw damaged(position);
        }
        return (int) (HEADER_BYTES + name + state);
    }

    static IOException damaged(long position) {
        return new IOException("the record at " + position + " is not what was written there");
    }

    private void write(ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    /** Reads until at least so many bytes are there. */
    private void readFully(ByteBuffer into, long position, int atLeast) throws IOException {
        while (into.position() < atLeast) {
            if (channel.read(into, position + into.position()) < 0) {
                throw new EOFException("the file ends within the record at " + position);
            }
        }
    }
}
