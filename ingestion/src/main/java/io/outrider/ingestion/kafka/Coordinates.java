package io.outrider.ingestion.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Where a copied record came from, as a header of the copy: {@code GENERATION/PARTITION/OFFSET}, the first being the
 * incarnation of the source's topic. No two records share it, ever.
 */
public record Coordinates(String generation, int partition, long offset) {

    /** The header's value. */
    public byte[] bytes() {
        return (generation + "/" + partition + "/" + offset).getBytes(StandardCharsets.UTF_8);
    }

    /** Those in a record's header of that name, or null if it has none or they are damaged. */
    public static @Nullable Coordinates of(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            return null;
        }
        String text = new String(header.value(), StandardCharsets.UTF_8);
        int second = text.lastIndexOf('/');
        int first = text.lastIndexOf('/', second - 1);
        if (first <= 0 || second <= first) {
            return null;
        }
        try {
            return new Coordinates(
                    text.substring(0, first),
                    Integer.parseInt(text.substring(first + 1, second)),
                    Long.parseLong(text.substring(second + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
