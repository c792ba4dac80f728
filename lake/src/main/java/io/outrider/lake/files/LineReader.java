package io.outrider.lake.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Splits a stream into lines without copying them: the line is {@code buffer[start, end)} until the next call. Ends at
 * {@code \n}, with a {@code \r} before it dropped; a byte order mark at the very beginning is skipped.
 */
final class LineReader {

    private static final int MAX_LINE_BYTES = 16 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int filled;
    private int start;
    private int end;
    private int following;
    private long number;
    private long newlinesBefore;
    private boolean ended;

    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * Moves to the next line.
     *
     * @param quoted whether line ends within double quotes belong to the line (CSV)
     * @return false at the end of the stream
     */
    boolean next(boolean quoted) throws IOException {
        start = following;
        number += newlinesBefore;
        int scan = start;
        long newlines = 1;
        boolean inQuotes = false;
        while (true) {
            for (; scan < filled; scan++) {
                byte b = buffer[scan];
                if (b == '"' && quoted) {
                    inQuotes = !inQuotes;
                } else if (b == '\n') {
                    if (!inQuotes) {
                        return found(scan, scan + 1, newlines);
                    }
                    newlines++;
                }
            }
            int held = scan - start;
            if (ended || !fill()) {
                if (inQuotes) {
                    throw new IOException("line " + Math.max(1, number + 1) + ": a quote is never closed");
                }
                return held > 0 && found(start + held, start + held, newlines);
            }
            scan = start + held;
        }
    }

    private boolean found(int lineEnd, int next, long newlines) {
        number += newlinesBefore == 0 ? 1 : 0;
        newlinesBefore = newlines;
        following = next;
        end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (number == 1 && end - start >= 3 && startsWithByteOrderMark()) {
            start += 3;
        }
        return true;
    }

    private boolean startsWithByteOrderMark() {
        return buffer[start] == (byte) 0xEF && buffer[start + 1] == (byte) 0xBB && buffer[start + 2] == (byte) 0xBF;
    }

    /** Reads more behind what is held, first moving that to the front. */
    private boolean fill() throws IOException {
        int held = filled - start;
        if (held > MAX_LINE_BYTES) {
            throw new IOException("line " + (number + 1) + " is longer than 16 MiB");
        }
        if (held == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        System.arraycopy(buffer, start, buffer, 0, held);
        start = 0;
        filled = held;
        int n = in.read(buffer, held, buffer.length - held);
        if (n < 0) {
            ended = true;
            return false;
        }
        filled += n;
        return true;
    }

    /** Where the current line begins, counted from 1. */
    long number() {
        return number;
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    byte[] bytes() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    String text() {
        return new String(buffer, start, end - start, StandardCharsets.UTF_8);
    }

    boolean isBlank() {
        for (int i = start; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Whether the first thing on the line is a brace: no CSV header begins so. */
    boolean looksLikeJson() {
        for (int i = start; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t') {
                return buffer[i] == '{';
            }
        }
        return false;
    }
}
