package io.outrider.core.event;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Key and value of a dead letter that the broker refuses as too large, cut where they are large: the letter still tells where the
 * whole record lies.
 *
 * @param headers what says so, besides those that the letter has
 */
public record CutLetter(byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers) {

    /** Length to which a value is cut; fits the broker's own default, 1 MiB. */
    public static final int VALUE_BYTES = 900 << 10;

    /** Length to which a key is cut, which fits beside such a value. */
    public static final int KEY_BYTES = 64 << 10;

    /** Whether there is anything to cut. */
    public static boolean helps(byte @Nullable [] key, byte @Nullable [] value) {
        return isLonger(key, KEY_BYTES) || isLonger(value, VALUE_BYTES);
    }

    /** Cuts what is too long. */
    public static CutLetter of(byte @Nullable [] key, byte @Nullable [] value) {
        Map<String, String> headers = new HashMap<>();
        return new CutLetter(
                cut(key, KEY_BYTES, DeadLetterHeaders.KEY_TRUNCATED_FROM, headers),
                cut(value, VALUE_BYTES, DeadLetterHeaders.TRUNCATED_FROM, headers),
                headers);
    }

    private static byte @Nullable [] cut(
            byte @Nullable [] bytes, int most, String header, Map<String, String> headers) {
        if (bytes == null || bytes.length <= most) {
            return bytes;
        }
        headers.put(header, String.valueOf(bytes.length));
        return Arrays.copyOf(bytes, most);
    }

    private static boolean isLonger(byte @Nullable [] bytes, int than) {
        return bytes != null && bytes.length > than;
    }
}
