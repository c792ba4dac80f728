package io.outrider.lake.capture;

import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A partition's events out of all its Capture files, in order, each once: what stands in several files, which Capture does not
 * exclude, is left out after the first. Files of another generation of the topic are passed over. One block of one file is
 * in memory. For one thread.
 */
public final class CapturedLog implements AutoCloseable {

    private final CaptureFiles files;
    private final Iterator<CaptureFileName> names;
    private final String generation;
    private @Nullable CaptureReader reader;
    private String file = "";
    private long next;
    private long repeated;
    private long newestMs = Long.MAX_VALUE;

    /**
     * The events from a sequence number on.
     *
     * @param generation which incarnation of the topic is meant; files that don't say are taken to be of it
     */
    public CapturedLog(CaptureFiles files, int partition, String generation, long from) throws IOException {
        this.files = files;
        this.names = files.list(partition).iterator();
        this.generation = generation;
        this.next = from;
    }

    /** Sequence number of the next event, if there is one. */
    public long position() {
        return next;
    }

    /** Events left out so far, because they had come before, or lie before the first that was asked for. */
    public long repeated() {
        return repeated;
    }

    /**
     * The next event; null at the end of the files.
     *
     * @throws CaptureGapException if events are missing before the next one
     * @throws DamagedCaptureException if a file is damaged
     * @throws IOException also if the hub was recreated, as its times and numbers tell where its files don't
     */
    public @Nullable CapturedEvent next() throws IOException {
        while (true) {
            CapturedEvent event = reader == null ? null : reader.next();
            if (event == null) {
                if (!open()) {
                    return null;
                }
            } else if (event.sequenceNumber() < next) {
                leaveOut(event);
            } else if (event.sequenceNumber() > next) {
                throw new CaptureGapException(file, next, event.sequenceNumber());
            } else {
                next++;
                newestMs = event.enqueuedTimeMs();
                return event;
            }
        }
    }

    private void leaveOut(CapturedEvent event) throws IOException {
        if (reader != null && reader.generation().isEmpty() && event.enqueuedTimeMs() > newestMs) {
            throw new IOException(
                    file + ": sequence number " + event.sequenceNumber()
                            + " comes again with a later time: the event hub was recreated; keep the files of before elsewhere");
        }
        repeated++;
    }

    private boolean open() throws IOException {
        close();
        while (names.hasNext()) {
            CaptureFileName name = names.next();
            CaptureReader opened = files.open(name);
            if (opened.generation().map(generation::equals).orElse(true)) {
                reader = opened;
                file = name.path();
                return true;
            }
            opened.close();
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
