package io.outrider.detection;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** A lake that does not answer whoever reads certain blobs, until it is told to. */
final class StuckLake implements BlobStore {

    private final BlobStore lake;
    private final Predicate<String> stuck;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);

    /** @param stuck by name, which reads are not answered */
    StuckLake(BlobStore lake, Predicate<String> stuck) {
        this.lake = lake;
        this.stuck = stuck;
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    void letGo() {
        answers.countDown();
    }

    @Override
    public Optional<Blob> get(String name) throws IOException {
        if (stuck.test(name)) {
            asked.countDown();
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return lake.get(name);
    }

    @Override
    public String put(String name, byte[] content) throws IOException {
        return lake.put(name, content);
    }

    @Override
    public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
        return lake.putIfAbsent(name, content);
    }

    @Override
    public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
        return lake.putIfMatch(name, content, etag);
    }

    @Override
    public void delete(String name) throws IOException {
        lake.delete(name);
    }

    @Override
    public List<Entry> list(String prefix) throws IOException {
        return lake.list(prefix);
    }
}
