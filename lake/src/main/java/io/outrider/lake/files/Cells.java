package io.outrider.lake.files;

import java.nio.charset.StandardCharsets;

/** What a CSV cell's bytes are. Stateless. */
final class Cells {

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private Cells() {}

    /** Whether the bytes are a number as JSON writes it: no plus, no leading zero, digits on both sides of a point. */
    static boolean isNumber(byte[] in, int from, int to) {
        int at = from;
        if (at < to && in[at] == '-') {
            at++;
        }
        int digits = skipDigits(in, at, to);
        if (digits == at || (in[at] == '0' && digits > at + 1)) {
            return false;
        }
        at = digits;
        if (at < to && in[at] == '.') {
            digits = skipDigits(in, at + 1, to);
            if (digits == at + 1) {
                return false;
            }
            at = digits;
        }
        if (at < to && (in[at] | 0x20) == 'e') {
            at++;
            if (at < to && (in[at] == '-' || in[at] == '+')) {
                at++;
            }
            digits = skipDigits(in, at, to);
            if (digits == at) {
                return false;
            }
            at = digits;
        }
        return at == to;
    }

    /** Whether the bytes are {@code true} or {@code false}, in any case. */
    static boolean isBoolean(byte[] in, int from, int to) {
        return is(TRUE, in, from, to) || is(FALSE, in, from, to);
    }

    private static boolean is(byte[] word, byte[] in, int from, int to) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if ((in[from + i] | 0x20) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static int skipDigits(byte[] in, int from, int to) {
        int at = from;
        while (at < to && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        return at;
    }
}
