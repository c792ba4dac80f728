package io.outrider.lake.capture;

import io.outrider.core.port.BlobStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The Capture files of one event hub in the lake, in one container. A file that is there never changes. Thread-safe.
 *
 * <p>Files sort by their paths as their events do, but that an event may stand in more than one: whoever reads them in
 * order and leaves out the sequence numbers it has passed has every event once.
 */
public final class CaptureFiles {

    private final BlobStore lake;
    private final String container;
    private final String namespace;
    private final String hub;
    private final boolean properties;

    /**
     * Where a partition's files end.
     *
     * @param nextSequenceNumber one past the last event
     * @param lastFile time of the last file; EPOCH if there is none
     */
    public record End(long nextSequenceNumber, Instant lastFile) {}

    /**
     * The files of a hub.
     *
     * @param container first segment of the names, such as {@code raw-transactions}
     */
    public CaptureFiles(BlobStore lake, String container, String namespace, String hub) {
        this(lake, container, namespace, hub, true);
    }

    private CaptureFiles(BlobStore lake, String container, String namespace, String hub, boolean properties) {
        this.lake = lake;
        this.container = container;
        this.namespace = namespace;
        this.hub = hub;
        this.properties = properties;
    }

    /** The same files for whoever needs of an event its number, time and body alone: its properties, and the offset, are empty. */
    public CaptureFiles withoutProperties() {
        return new CaptureFiles(lake, container, namespace, hub, false);
    }

    /** Whose files they are: namespace and hub, with a slash between. */
    public String source() {
        return namespace + "/" + hub;
    }

    /** The name of a partition's file of that time. */
    public CaptureFileName name(int partition, Instant time) {
        return new CaptureFileName(namespace, hub, partition, time);
    }

    /** A partition's files in order. */
    public List<CaptureFileName> list(int partition) throws IOException {
        List<CaptureFileName> files = new ArrayList<>();
        for (BlobStore.Entry entry : lake.list(container + "/" + CaptureFileName.folder(namespace, hub, partition))) {
            CaptureFileName.parse(entry.name()).ifPresent(files::add);
        }
        return files;
    }

    /** Opens a file; FileNotFoundException if it is not there. */
    public CaptureReader open(CaptureFileName file) throws IOException {
        String name = blob(file);
        InputStream bytes = lake.open(name).orElseThrow(() -> new FileNotFoundException(name));
        return CaptureReader.open(name, bytes, properties);
    }

    /** Writes a file, if there is none of that name: false if there is. IOException: it may or may not be there now. */
    public boolean create(CaptureFileName file, byte[] content) throws IOException {
        return lake.putIfAbsent(blob(file), content).isPresent();
    }

    /**
     * Where a partition's files of a generation of the topic end: at 0 where the last events are of another one. Looks at the
     * last file that has events.
     */
    public End end(int partition, String generation) throws IOException {
        List<CaptureFileName> files = list(partition);
        Instant last =
                files.isEmpty() ? Instant.EPOCH : files.get(files.size() - 1).time();
        for (int i = files.size() - 1; i >= 0; i--) {
            try (CaptureReader reader = open(files.get(i))) {
                long next = end(reader);
                if (next > 0) {
                    Optional<String> of = reader.generation();
                    return new End(of.isEmpty() || of.get().equals(generation) ? next : 0, last);
                }
            }
        }
        return new End(0, last);
    }

    /** One past the last event of a file; 0 if it has none, or is of another generation. Reads it whole. */
    public long end(CaptureFileName file, String generation) throws IOException {
        try (CaptureReader reader = open(file)) {
            return reader.generation().map(generation::equals).orElse(true) ? end(reader) : 0;
        }
    }

    private static long end(CaptureReader reader) throws IOException {
        long next = 0;
        for (CapturedEvent event = reader.next(); event != null; event = reader.next()) {
            next = event.sequenceNumber() + 1;
        }
        return next;
    }

    /** The partitions that have files, ascending. */
    public List<Integer> partitions() throws IOException {
        TreeSet<Integer> partitions = new TreeSet<>();
        for (BlobStore.Entry entry : lake.list(container + "/" + source() + "/")) {
            CaptureFileName.parse(entry.name()).ifPresent(file -> partitions.add(file.partition()));
        }
        return List.copyOf(partitions);
    }

    private String blob(CaptureFileName file) {
        return container + "/" + file.path();
    }
}
