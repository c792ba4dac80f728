package io.outrider.lake.checkpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import io.outrider.core.port.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Context changes that a manifest no longer holds itself, in files that it names: one {@link ContextChange} a line as JSON,
 * gzipped, ascending by offset. Files are immutable; of two neighbours the later of which is no smaller, one is made, so
 * that a manifest names few of them however long the history. Which ones count the manifest says, so whoever has lost the
 * partition adds nothing. Calls block.
 */
final class HistoryArchive {

    static final String ENDING = ".contexts.ndjson.gz";

    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private HistoryArchive() {}

    /**
     * Writes changes behind those that segments hold; the same again gives the same file.
     *
     * @param name blob name of the file, if one is written
     * @param changes ascending, at least one
     * @return the segments that hold them all
     */
    static List<HistorySegment> append(
            BlobStore lake, List<HistorySegment> segments, String name, List<ContextChange> changes)
            throws IOException {
        List<HistorySegment> kept = new ArrayList<>(segments);
        List<ContextChange> merged = new ArrayList<>(changes);
        while (!kept.isEmpty() && kept.get(kept.size() - 1).changes() <= merged.size()) {
            try {
                merged.addAll(0, read(lake, kept.get(kept.size() - 1)));
            } catch (CorruptCheckpointException e) {
                break; // what is damaged stays as it is: live detection does without
            }
            kept.remove(kept.size() - 1);
        }
        byte[] content = encode(merged);
        lake.put(name, content);
        kept.add(new HistorySegment(
                name, merged.get(0).offset(), merged.size(), content.length, AccountFileCodec.checksum(content)));
        return kept;
    }

    /** The changes of a segment. */
    static List<ContextChange> read(BlobStore lake, HistorySegment segment) throws IOException {
        byte[] content = lake.get(segment.name())
                .orElseThrow(() -> new CorruptCheckpointException(segment.name() + " is missing", null))
                .content();
        if (content.length != segment.sizeBytes()
                || !AccountFileCodec.checksum(content).equals(segment.crc32c())) {
            throw new CorruptCheckpointException(
                    segment.name() + " is damaged: it is not what its manifest says", null);
        }
        return decode(segment.name(), content);
    }

    /** Changes of all files of a partition, whoever wrote them: what is left where the manifest is lost. */
    static List<ContextChange> salvage(BlobStore lake, String prefix) throws IOException {
        List<ContextChange> found = new ArrayList<>();
        for (BlobStore.Entry entry : lake.list(prefix)) {
            if (entry.name().endsWith(ENDING)) {
                BlobStore.Blob blob = lake.get(entry.name()).orElse(null);
                found.addAll(blob == null ? List.of() : decode(entry.name(), blob.content()));
            }
        }
        found.sort(Comparator.comparingLong(ContextChange::offset));
        return found.stream().distinct().toList();
    }

    private static byte[] encode(List<ContextChange> changes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bytes);
                SequenceWriter lines =
                        JSON.writer().withRootValueSeparator("\n").writeValues(zipped)) {
            lines.writeAll(changes);
        }
        return bytes.toByteArray();
    }

    private static List<ContextChange> decode(String name, byte[] content) throws CorruptCheckpointException {
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(content));
                MappingIterator<ContextChange> lines =
                        JSON.readerFor(ContextChange.class).readValues(unzipped)) {
            return lines.readAll();
        } catch (IOException e) {
            throw new CorruptCheckpointException(name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
