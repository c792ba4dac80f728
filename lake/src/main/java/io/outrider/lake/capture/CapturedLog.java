package io.outrider.lake.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
    private final boolean acceptGaps;
    private final List<CaptureFileName> passedOver = new ArrayList<>();
    private long repeated;
    private long missing;
    private long newestMs;

    /**
     * Where reading begins.
     *
     * @param sequenceNumber the first event that is wanted
     * @param newestMs append time of the one before it, by which a recreated hub is told from a repetition;
     *     Long.MAX_VALUE if unknown
     */
    public record Start(long sequenceNumber, long newestMs) {}

    /**
     * The events from a sequence number on.
     *
     * @param generation which incarnation of the topic is meant; files that don't say are taken to be of it
     */
    public CapturedLog(CaptureFiles files, int partition, String generation, long from) throws IOException {
        this(files, files.list(partition), generation, new Start(from, Long.MAX_VALUE), false);
    }

    /**
     * The events of some of a partition's files, from where an earlier reading ended.
     *
     * @param names the files, in order
     * @param acceptGaps whether missing events are counted, rather than refused
     */
    public CapturedLog(
            CaptureFiles files, List<CaptureFileName> names, String generation, Start start, boolean acceptGaps) {
        this.files = files;
        this.names = names.iterator();
        this.generation = generation;
        this.next = start.sequenceNumber();
        this.newestMs = start.newestMs();
        this.acceptGaps = acceptGaps;
    }

    /** Sequence number of the next event, if there is one. */
    public long position() {
        return next;
    }

    /** Events left out so far, because they had come before, or lie before the first that was asked for. */
    public long repeated() {
        return repeated;
    }

    /** Events that were missing so far, where that is accepted. */
    public long missing() {
        return missing;
    }

    /** Path of the file that the last event came from; empty before the first file. */
    public String file() {
        return file;
    }

    /** Files passed over so far, because they are of another generation. */
    public List<CaptureFileName> passedOver() {
        return List.copyOf(passedOver);
    }

    /**
     * The next event; null at the end of the files.
     *
     * @throws CaptureGapException if events are missing before the next one, and that is not accepted
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
            } else if (event.sequenceNumber() > next && !acceptGaps) {
                throw new CaptureGapException(file, next, event.sequenceNumber());
            } else {
                missing += event.sequenceNumber() - next;
                next = event.sequenceNumber() + 1;
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
            passedOver.add(name);
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
