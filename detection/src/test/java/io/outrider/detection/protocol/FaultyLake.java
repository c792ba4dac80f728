package io.outrider.detection.protocol;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A lake in memory, whose calls fail on demand: before their effect, or after it with the answer lost. */
public final class FaultyLake implements BlobStore {

    private final Map<String, Blob> blobs = new TreeMap<>();
    private final BooleanSupplier fails;
    private long version;

    public FaultyLake(BooleanSupplier fails) {
        this.fails = fails;
    }

    @Override
    public Optional<Blob> get(String name) throws IOException {
        maybeFail("before reading ");
        return Optional.ofNullable(blobs.get(name));
    }

    @Override
    public String put(String name, byte[] content) throws IOException {
        return write(name, content, true).orElseThrow();
    }

    @Override
    public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
        return write(name, content, !blobs.containsKey(name));
    }

    @Override
    public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
        Blob current = blobs.get(name);
        return write(name, content, current != null && current.etag().equals(etag));
    }

    @Override
    public void delete(String name) throws IOException {
        maybeFail("before deleting ");
        blobs.remove(name);
    }

    @Override
    public List<Entry> list(String prefix) {
        List<Entry> entries = new ArrayList<>();
        blobs.forEach((name, blob) -> {
            if (name.startsWith(prefix)) {
                entries.add(new Entry(name, blob.content().length, 0));
            }
        });
        return entries;
    }

    private Optional<String> write(String name, byte[] content, boolean allowed) throws IOException {
        maybeFail("before writing ");
        if (!allowed) {
            return Optional.empty();
        }
        String etag = "v" + version++;
        blobs.put(name, new Blob(content, etag));
        maybeFail("after writing ");
        return Optional.of(etag);
    }

    private void maybeFail(String when) throws IOException {
        if (fails.getAsBoolean()) {
            throw new IOException(when);
        }
    }
}
