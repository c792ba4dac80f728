package io.outrider.ingestion.capture;

import io.outrider.core.telemetry.LiveMetrics;
import io.outrider.lake.capture.CaptureFileBuilder;
import io.outrider.lake.capture.CaptureFiles;
import io.outrider.lake.capture.CapturedEvent;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition on its way into files: takes its events in order, and writes them as a file when the time or the size window
 * is full. A window begins with its first event, and there are no empty files.
 *
 * <p>No event is lost and none left out, whoever dies when: all that was not in the lake is read again, from where the lake
 * ends ({@link CaptureFiles#end}). Each file begins there, or where this writer's last one ended, and its name is later
 * than theirs, so that nothing below a file's first event is missing from those before it. Two writers, of which one does
 * not know yet that it has lost the partition, put the same events into two files; readers leave out what they have had.
 *
 * <p>For one thread.
 */
final class CapturedPartition {

    private static final Logger LOG = LoggerFactory.getLogger(CapturedPartition.class);

    private final CaptureFiles files;
    private final CaptureSettings settings;
    private final LiveMetrics metrics;
    private final Clock clock;
    private final int partition;
    private final String generation;
    private @Nullable CaptureFileBuilder open;
    private Instant openedAt = Instant.EPOCH;
    private Instant lastFile;
    private long written;
    private long next;

    /** A partition whose files end as said, of a generation of its topic. */
    CapturedPartition(
            CaptureFiles files,
            int partition,
            String generation,
            CaptureFiles.End end,
            CaptureSettings settings,
            LiveMetrics metrics,
            Clock clock) {
        this.files = files;
        this.partition = partition;
        this.generation = generation;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.lastFile = end.lastFile();
        this.written = end.nextSequenceNumber();
        this.next = written;
    }

    /** One past the last event taken. */
    long next() {
        return next;
    }

    /** One past the last event that is in the lake. */
    long written() {
        return written;
    }

    /** Leaves out events that are gone for ever; call before anything is taken. */
    void skipTo(long sequenceNumber) {
        next = sequenceNumber;
        written = sequenceNumber;
    }

    /** Takes an event; one that was taken before is left out. IOException: what is in the lake is unknown, begin anew. */
    void take(CapturedEvent event) throws IOException {
        if (event.sequenceNumber() < next) {
            return;
        }
        if (open == null) {
            open = new CaptureFileBuilder(generation, event.sequenceNumber());
            openedAt = clock.instant();
        }
        open.add(event);
        next = event.sequenceNumber() + 1;
        if (open.sizeBytes() >= settings.sizeWindowBytes()) {
            write();
        }
    }

    /** Writes the file whose time is up, or for which that can no longer be told: the clock was set back. IOException as above. */
    void writeIfDue() throws IOException {
        Instant now = clock.instant();
        if (open != null && (now.isBefore(openedAt) || !now.isBefore(openedAt.plus(settings.timeWindow())))) {
            write();
        }
    }

    /** Writes what there is, if anything. IOException as above. */
    void write() throws IOException {
        CaptureFileBuilder file = open;
        if (file == null) {
            return;
        }
        byte[] content = file.finish();
        Instant time = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (!time.isAfter(lastFile)) {
            time = lastFile.plusSeconds(1);
        }
        while (!files.create(files.name(partition, time), content)) {
            LOG.warn(
                    "{} is there already: somebody else writes this partition",
                    files.name(partition, time).path());
            time = time.plusSeconds(1);
        }
        metrics.capturedEvents.add(file.events());
        metrics.captureFiles.increment();
        LOG.debug("Wrote {}, up to {}", files.name(partition, time).path(), file.nextSequenceNumber());
        lastFile = time;
        written = next;
        open = null;
    }
}
