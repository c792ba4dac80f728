package io.outrider.detection.scratch;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Names in the order in which they were added, in a file: a length of four bytes and UTF-8 each. Belongs to one thread,
 * but for what {@link #names} returns.
 */
final class NameFile {

    private static final int BUFFER_BYTES = 16 << 10;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long written;

    NameFile(FileChannel channel) {
        this.channel = channel;
    }

    void add(byte[] name) throws IOException {
        int length = Integer.BYTES + name.length;
        if (buffer.remaining() < length) {
            flush();
        }
        if (length > buffer.capacity()) {
            write(ByteBuffer.allocate(length).putInt(name.length).put(name).flip());
        } else {
            buffer.putInt(name.length).put(name);
        }
    }

    /** All names added so far, for any thread, as often as wanted; iterating throws UncheckedIOException. */
    Iterable<String> names() throws IOException {
        flush();
        long until = written;
        return () -> new Names(until);
    }

    void clear() {
        buffer.clear();
        written = 0;
    }

    private void flush() throws IOException {
        write(buffer.flip());
        buffer.clear();
    }

    private void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            written += channel.write(from, written);
        }
    }

    private final class Names implements Iterator<String> {

        private final DataInputStream in;
        private long left;

        Names(long until) {
            this.in = new DataInputStream(new ChannelInput(until));
            this.left = until;
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public String next() {
            if (left <= 0) {
                throw new NoSuchElementException();
            }
            try {
                byte[] name = new byte[in.readInt()];
                in.readFully(name);
                left -= Integer.BYTES + name.length;
                return new String(name, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The file from its beginning up to a position, without moving the channel's own. */
    private final class ChannelInput extends InputStream {

        private final ByteBuffer chunk = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
        private final long until;
        private long position;

        ChannelInput(long until) {
            this.until = until;
        }

        @Override
        public int read() throws IOException {
            return fill() ? chunk.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, chunk.remaining());
            chunk.get(into, offset, count);
            return count;
        }

        private boolean fill() throws IOException {
            if (chunk.hasRemaining()) {
                return true;
            }
            chunk.clear().limit((int) Math.min(BUFFER_BYTES, until - position));
            int count = chunk.hasRemaining() ? channel.read(chunk, position) : -1;
            position += Math.max(0, count);
            chunk.flip();
            return count > 0;
        }
    }
}
