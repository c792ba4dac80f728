package io.outrider.training.etl;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A lake whose n-th write fails, and everything after it, as if the process had been killed there. */
public final class BreakingStore implements BlobStore {

    private final BlobStore lake;
    private final boolean afterwards;
    private int left;
    private boolean broken;

    /**
     * Over a lake.
     *
     * @param writes how many writes go well
     * @param afterwards whether the one that fails takes effect all the same
     */
    public BreakingStore(BlobStore lake, int writes, boolean afterwards) {
        this.lake = lake;
        this.left = writes;
        this.afterwards = afterwards;
    }

    /** Whether the write that fails has come. */
    public synchronized boolean isBroken() {
        return broken;
    }

    private interface Write<T> {
        T run() throws IOException;
    }

    private synchronized <T> T write(Write<T> write) throws IOException {
        if (broken || left-- == 0) {
            if (!broken && afterwards) {
                write.run();
            }
            broken = true;
            throw new IOException("killed");
        }
        return write.run();
    }

    @Override
    public Optional<Blob> get(String name) throws IOException {
        return lake.get(name);
    }

    @Override
    public Optional<InputStream> open(String name) throws IOException {
        return lake.open(name);
    }

    @Override
    public String put(String name, byte[] content) throws IOException {
        return write(() -> lake.put(name, content));
    }

    @Override
    public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
        return write(() -> lake.putIfAbsent(name, content));
    }

    @Override
    public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
        return write(() -> lake.putIfMatch(name, content, etag));
    }

    @Override
    public void delete(String name) throws IOException {
        write(() -> {
            lake.delete(name);
            return name;
        });
    }

    @Override
    public List<Entry> list(String prefix) throws IOException {
        return lake.list(prefix);
    }
}
