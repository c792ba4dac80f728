package io.outrider.training.etl;

import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.capture.CapturedLog;
import io.outrider.training.dataset.CapturedInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A partition's new records out of its Capture files, in order and each once: those that are events one by one, the others
 * counted by reason. Holds one block of one file. For one thread.
 */
public final class PartitionIntake implements AutoCloseable {

    private final CapturedLog log;
    private final RecordDecoder decoder;
    private final KnownErasures erasures;
    private final Map<String, Long> taken = new LinkedHashMap<>();
    private final Map<String, Long> bad = new TreeMap<>();
    private long newestMs;
    private @Nullable CapturedEvent record;
    private @Nullable Transaction event;

    /**
     * What an intake has read.
     *
     * @param position sequence number behind the last record
     * @param newestAppendMs append time of the last record
     * @param captured the files, with how many of their records were new
     * @param bad records that are no event, by reason
     * @param repeated records left out because they had come before
     * @param missing records that no file has
     * @param otherGeneration a file that was passed over, since it is of another generation of the topic; null if none was
     */
    public record Report(
            long position,
            long newestAppendMs,
            List<CapturedInput> captured,
            Map<String, Long> bad,
            long repeated,
            long missing,
            @Nullable String otherGeneration) {}

    PartitionIntake(PartitionWork work, RecordDecoder decoder, CapturedLog log, KnownErasures erasures) {
        this.erasures = erasures;
        this.log = log;
        this.decoder = decoder;
        this.newestMs = work.from().newestAppendMs();
        work.names().forEach(name -> taken.put(name.path(), 0L));
    }

    /** Moves to the next record that is an event and was not erased; null at the end. */
    public @Nullable Transaction next() throws IOException {
        event = null;
        while (event == null) {
            record = log.next();
            if (record == null) {
                return null;
            }
            taken.merge(log.file(), 1L, Long::sum);
            newestMs = record.enqueuedTimeMs();
            DecodeResult result = decoder.decode(record.body(), newestMs);
            if (result instanceof Rejection rejection) {
                bad.merge(rejection.reason().wireName(), 1L, Long::sum);
            } else if (result instanceof Erasure erasure) {
                erasures.met(erasure, record.sequenceNumber());
            } else if (result instanceof Transaction transaction
                    && !erasures.leavesOut(transaction, record.sequenceNumber())) {
                event = transaction;
            }
        }
        return event;
    }

    /** Instead of all this: completes the list of erasures by those that lie among the records up to one. */
    void completeErasures(long last) throws IOException {
        for (CapturedEvent at = log.next(); at != null && at.sequenceNumber() <= last; at = log.next()) {
            if (decoder.decode(at.body(), at.enqueuedTimeMs()) instanceof Erasure erasure) {
                erasures.complete(erasure, at.sequenceNumber());
            }
        }
    }

    /** The event it stands at; null at the end. */
    @Nullable
    Transaction event() {
        return event;
    }

    /** The record of the event it stands at. */
    public CapturedEvent record() {
        return Objects.requireNonNull(record, "there is none at the end");
    }

    /** What was read so far. */
    public Report report() {
        List<CapturedInput> captured = new ArrayList<>();
        taken.forEach((file, records) -> captured.add(new CapturedInput(file, records)));
        String other =
                log.passedOver().isEmpty() ? null : log.passedOver().get(0).path();
        return new Report(log.position(), newestMs, captured, bad, log.repeated(), log.missing(), other);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
