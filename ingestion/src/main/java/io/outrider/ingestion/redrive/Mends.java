package io.outrider.ingestion.redrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mended values by dead letter; where several letters have one source, the last one's mend counts for all. The file is NDJSON, one line per letter: {@code {"partition": 0, "offset": 12, "value":
 * {…}}}; the value is the event as an object, or its text as a string.
 */
public final class Mends {

    /** No letter is mended. */
    public static final Mends NONE = new Mends(Map.of());

    private record Place(int partition, long offset) {}

    private final Map<Place, byte[]> values;

    private Mends(Map<Place, byte[]> values) {
        this.values = values;
    }

    /** Reads a mend file; an {@link IOException} names the line that is wrong. */
    public static Mends read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<Place, byte[]> values = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    add(json, line, file + ":" + number, values);
                }
            }
        }
        return new Mends(values);
    }

    private static void add(ObjectMapper json, String line, String place, Map<Place, byte[]> values)
            throws IOException {
        JsonNode mend;
        try {
            mend = json.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException(place + ": not JSON: " + e.getOriginalMessage(), e);
        }
        JsonNode partition = mend.path("partition");
        JsonNode offset = mend.path("offset");
        JsonNode value = mend.path("value");
        if (!partition.isInt() || !offset.canConvertToLong() || !(value.isObject() || value.isTextual())) {
            throw new IOException(
                    place + ": expected {\"partition\": number, \"offset\": number, \"value\": object or string}");
        }
        byte[] bytes =
                value.isTextual() ? value.textValue().getBytes(StandardCharsets.UTF_8) : json.writeValueAsBytes(value);
        if (values.put(new Place(partition.intValue(), offset.longValue()), bytes) != null) {
            throw new IOException(place + ": this letter is mended twice");
        }
    }

    byte @Nullable [] valueOf(Letter letter) {
        return values.get(new Place(letter.partition(), letter.offset()));
    }
}
