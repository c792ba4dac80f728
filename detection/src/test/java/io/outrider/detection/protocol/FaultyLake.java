package io.outrider.detection.protocol;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lake in memory, whose calls fail on demand: before their effect, after it with the answer lost, or, where
 * {@link #settle} is called, with the effect still to come.
 */
public final class FaultyLake implements BlobStore {

    /** What sees calls and effects. */
    public interface Watcher {

        /** A call is about to be served. */
        void called();

        /** A blob has taken on this content. */
        void wrote(String name, byte[] content);
    }

    /** A write whose caller was told that it failed; it is served when it arrives. */
    private record Late(
            String name,
            byte[] content,
            boolean onlyIfAbsent,
            @Nullable String etag) {}

    private final Map<String, Blob> blobs = new TreeMap<>();
    private final List<Late> late = new ArrayList<>();
    private final BooleanSupplier fails;
    private final BooleanSupplier delays;
    private final Watcher watcher;
    private long version;

    public FaultyLake(BooleanSupplier fails) {
        this(fails, () -> false, new Watcher() {
            @Override
            public void called() {}

            @Override
            public void wrote(String name, byte[] content) {}
        });
    }

    /**
     * A lake under watch.
     *
     * @param delays whether a write whose answer is lost takes effect later instead of at once
     */
    public FaultyLake(BooleanSupplier fails, BooleanSupplier delays, Watcher watcher) {
        this.fails = fails;
        this.delays = delays;
        this.watcher = watcher;
    }

    /** Serves the oldest write that is still under way, if there is one. */
    public void settle() {
        if (!late.isEmpty()) {
            Late write = late.remove(0);
            if (isAllowed(write.name(), write.onlyIfAbsent(), write.etag())) {
                store(write.name(), write.content());
            }
        }
    }

    /** Changes a blob behind everybody's back; null removes it. */
    public void damage(String name, byte @Nullable [] content) {
        if (content == null) {
            blobs.remove(name);
        } else {
            blobs.computeIfPresent(name, (same, blob) -> new Blob(content, blob.etag()));
        }
    }

    /** A blob, unwatched and without fail; null if there is none. */
    public @Nullable Blob peek(String name) {
        return blobs.get(name);
    }

    @Override
    public Optional<Blob> get(String name) throws IOException {
        watcher.called();
        maybeFail("before reading ");
        return Optional.ofNullable(blobs.get(name));
    }

    @Override
    public String put(String name, byte[] content) throws IOException {
        return write(name, content, false, null).orElseThrow();
    }

    @Override
    public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
        return write(name, content, true, null);
    }

    @Override
    public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
        return write(name, content, false, etag);
    }

    @Override
    public void delete(String name) throws IOException {
        watcher.called();
        maybeFail("before deleting ");
        blobs.remove(name);
    }

    @Override
    public List<Entry> list(String prefix) {
        watcher.called();
        List<Entry> entries = new ArrayList<>();
        blobs.forEach((name, blob) -> {
            if (name.startsWith(prefix)) {
                entries.add(new Entry(name, blob.content().length, 0));
            }
        });
        return entries;
    }

    private Optional<String> write(String name, byte[] content, boolean onlyIfAbsent, @Nullable String etag)
            throws IOException {
        watcher.called();
        maybeFail("before writing ");
        if (delays.getAsBoolean()) {
            late.add(new Late(name, content, onlyIfAbsent, etag));
            throw new IOException("while writing " + name);
        }
        if (!isAllowed(name, onlyIfAbsent, etag)) {
            return Optional.empty();
        }
        String written = store(name, content);
        maybeFail("after writing ");
        return Optional.of(written);
    }

    private boolean isAllowed(String name, boolean onlyIfAbsent, @Nullable String etag) {
        Blob current = blobs.get(name);
        return onlyIfAbsent
                ? current == null
                : etag == null || (current != null && current.etag().equals(etag));
    }

    private String store(String name, byte[] content) {
        String etag = "v" + version++;
        blobs.put(name, new Blob(content, etag));
        watcher.wrote(name, content);
        return etag;
    }

    private void maybeFail(String when) throws IOException {
        if (fails.getAsBoolean()) {
            throw new IOException(when);
        }
    }
}
