package io.outrider.detection.alert;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Where a reader of the alerts topic stands: the next offset of each partition, written {@code 0:15,1:22}. Partitions
 * that are not named have not been read. Valid on any node and after a restart, as long as the topic lives.
 */
final class AlertCursor {

    private AlertCursor() {}

    static String of(Map<Integer, Long> nextOffsets) {
        StringJoiner text = new StringJoiner(",");
        new TreeMap<>(nextOffsets).forEach((partition, offset) -> text.add(partition + ":" + offset));
        return text.toString();
    }

    /** Reads a cursor; IllegalArgumentException if the text is none. */
    static Map<Integer, Long> parse(String text) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            try {
                int partition = Integer.parseInt(part, 0, Math.max(colon, 0), 10);
                long offset = Long.parseLong(part, colon + 1, part.length(), 10);
                if (colon < 1 || partition < 0 || offset < 0) {
                    throw new NumberFormatException();
                }
                offsets.put(partition, offset);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("no alert cursor: '" + text + "'", e);
            }
        }
        return offsets;
    }
}
