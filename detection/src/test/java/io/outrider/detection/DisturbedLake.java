package io.outrider.detection;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A lake that does not answer whoever reads certain blobs, or takes no writes, for as long as it is told to. */
final class DisturbedLake implements BlobStore {

    private final BlobStore lake;
    private final Predicate<String> stuck;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);

    /** What becomes of all writes; null where they succeed. */
    volatile @Nullable IOException refusal;

    DisturbedLake(BlobStore lake) {
        this(lake, name -> false);
    }

    /** @param stuck by name, which reads are not answered */
    DisturbedLake(BlobStore lake, Predicate<String> stuck) {
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
        refuse();
        return lake.put(name, content);
    }

    @Override
    public Optional<String> putIfAbsent(String name, byte[] content) throws IOException {
        refuse();
        return lake.putIfAbsent(name, content);
    }

    @Override
    public Optional<String> putIfMatch(String name, byte[] content, String etag) throws IOException {
        refuse();
        return lake.putIfMatch(name, content, etag);
    }

    @Override
    public void delete(String name) throws IOException {
        refuse();
        lake.delete(name);
    }

    @Override
    public List<Entry> list(String prefix) throws IOException {
        return lake.list(prefix);
    }

    private void refuse() throws IOException {
        IOException failure = refusal;
        if (failure != null) {
            throw failure;
        }
    }
}
