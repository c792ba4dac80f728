package io.outrider.training.dataset;

import io.outrider.core.port.BlobStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That somebody is at a container's datasets: a blob that is renewed while they are and deleted when they have ended. Who dies or
 * is frozen renews it no more: then it lapses, and whom it kept out may end it; its holder learns so when it is renewed next.
 * Thread-safe.
 */
public final class DatasetLease implements AutoCloseable {

    /** A lease that was not renewed for so long may be ended by others. */
    static final Duration LAPSE = Duration.ofMinutes(3);

    private static final Logger LOG = LoggerFactory.getLogger(DatasetLease.class);
    private static final Duration BEAT = Duration.ofSeconds(20);

    /**
     * The blob's content.
     *
     * @param holder who holds it, for messages
     * @param since when it was taken, ISO-8601, UTC
     * @param beats how often it was renewed, so that every renewal changes the blob
     * @param ended whether somebody has ended it after it had lapsed
     */
    record Mark(LeaseUse use, String holder, String since, long beats, boolean ended) {

        Mark renewed() {
            return new Mark(use, holder, since, beats + 1, ended);
        }

        Mark end() {
            return new Mark(use, holder, since, beats, true);
        }
    }

    private final BlobStore lake;
    private final String name;
    private final Clock clock;
    private final ScheduledExecutorService thread;
    private Mark mark;
    private String etag;
    private long heldAtMs;
    private boolean gone; // closed, or ended by somebody else

    private DatasetLease(BlobStore lake, String name, Mark mark, String etag, Clock clock) {
        this.lake = lake;
        this.name = name;
        this.mark = mark;
        this.etag = etag;
        this.clock = clock;
        this.heldAtMs = clock.millis();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "outrider-dataset-lease");
            made.setDaemon(true);
            return made;
        });
    }

    static DatasetLease begin(BlobStore lake, String name, Mark mark, Clock clock) throws IOException {
        String etag = put(lake, name, mark);
        DatasetLease lease = new DatasetLease(lake, name, mark, etag, clock);
        var unused = lease.thread.scheduleWithFixedDelay(
                lease::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
        return lease;
    }

    private static String put(BlobStore lake, String name, Mark mark) throws IOException {
        try {
            return lake.putIfAbsent(name, DatasetJson.write(mark))
                    .orElseThrow(() -> new IOException(name + " was there before it was made"));
        } catch (IOException e) {
            try {
                lake.delete(name); // it may be there all the same, and would keep others away until it lapses
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    String name() {
        return name;
    }

    LeaseUse use() {
        return mark.use();
    }

    /** Renews it: for {@link #LAPSE} from now on it keeps others out. IOException if somebody has ended it. */
    public synchronized void confirm() throws IOException {
        renew();
        if (gone) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s was silent for more than %d s and has lost its right to the datasets: run again",
                    mark.holder(),
                    LAPSE.toSeconds()));
        }
    }

    /** The same, where it was not renewed of late; cheap, to be called before each deletion. */
    public synchronized void requireHeld() throws IOException {
        if (gone || clock.millis() - heldAtMs > LAPSE.toMillis() / 3) {
            confirm();
        }
    }

    private void renew() throws IOException {
        if (gone) {
            return;
        }
        Mark next = mark.renewed();
        Optional<String> written = lake.putIfMatch(name, DatasetJson.write(next), etag);
        if (written.isEmpty()) {
            // Ended by somebody, or renewed before by a write of whose success nobody has heard.
            Optional<BlobStore.Blob> there = lake.get(name);
            boolean ours = there.isPresent()
                    && !DatasetJson.read(name, there.get().content(), Mark.class)
                            .ended();
            written = ours
                    ? lake.putIfMatch(name, DatasetJson.write(next), there.get().etag())
                    : Optional.empty();
        }
        if (written.isEmpty()) {
            gone = true;
            return;
        }
        mark = next;
        etag = written.get();
        heldAtMs = clock.millis();
    }

    private synchronized void beat() {
        try {
            renew();
        } catch (IOException | RuntimeException e) {
            LOG.warn("The lease of {} could not be renewed: {}", mark.holder(), e.getMessage());
        }
    }

    /** Renews it no more, but lets it be until it lapses: what it was taken for goes on, and who follows it takes another. */
    public void leave() {
        thread.shutdown();
    }

    /** Ends it; where the lake does not take that, it lapses. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = Thread.interrupted(); // or the lake would refuse
        synchronized (this) {
            gone = true;
            try {
                lake.delete(name);
            } catch (IOException | RuntimeException e) {
                LOG.info(
                        "The lease of {} could not be ended and lapses in {} s: {}",
                        mark.holder(),
                        LAPSE.toSeconds(),
                        e.getMessage());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
