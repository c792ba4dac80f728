package io.outrider.lake.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What is in the store: replaced as a whole and only if nobody else has replaced it, so rows and the positions of their topics
 * come into force together.
 *
 * @param format the format's number
 * @param version one more at each replacement
 * @param positions next offset by {@code topic/generation/partition}
 * @param files those that count
 * @param obsolete those that count no more, to be deleted once nobody reads them
 * @param erased ids of the erasures that no file has anything of any more
 */
public record StoreManifest(
        int format,
        long version,
        Map<String, Long> positions,
        List<StoredFile> files,
        List<Obsolete> obsolete,
        List<String> erased) {

    /** The format that this program writes and reads. */
    static final int FORMAT = 1;

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    /** Nothing yet. */
    static final StoreManifest EMPTY = new StoreManifest(FORMAT, 0, Map.of(), List.of(), List.of(), List.of());

    /** A file that counts no more since a moment. */
    public record Obsolete(String name, long sinceMs) {}

    public StoreManifest {
        positions = Map.copyOf(positions);
        files = List.copyOf(files);
        obsolete = List.copyOf(obsolete);
        erased = erased == null ? List.of() : List.copyOf(erased); // written before there were any
    }

    /** Next offset of a topic's partition that is not in the store; 0 if nothing is. */
    public long position(String topic, String generation, int partition) {
        return positions.getOrDefault(key(topic, generation, partition), 0L);
    }

    /** The files of a table. */
    public List<StoredFile> files(StoredTable table) {
        return files.stream().filter(file -> file.table() == table).toList();
    }

    static String key(String topic, String generation, int partition) {
        return topic + "/" + generation + "/" + partition;
    }

    StoreManifest next(Map<String, Long> positions, List<StoredFile> files, List<Obsolete> obsolete) {
        return new StoreManifest(FORMAT, version + 1, positions, files, obsolete, erased);
    }

    /** The same with files that have nothing any more of the erasures of these ids, and those that they replace obsolete. */
    StoreManifest erased(List<StoredFile> files, List<Obsolete> obsolete, List<String> ids) {
        return new StoreManifest(FORMAT, version + 1, positions, files, obsolete, ids);
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record is always writable", e);
        }
    }

    static StoreManifest decode(String name, byte[] content) throws IOException {
        StoreManifest manifest;
        try {
            manifest = JSON.readValue(content, StoreManifest.class);
        } catch (IOException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
        if (manifest.format != FORMAT) {
            throw new IOException(name + " is of format " + manifest.format + ", and this program reads " + FORMAT);
        }
        return manifest;
    }
}
