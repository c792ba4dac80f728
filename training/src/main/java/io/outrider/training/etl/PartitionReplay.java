package io.outrider.training.etl;

import io.outrider.core.event.Transaction;
import io.outrider.lake.capture.CapturedEvent;
import io.outrider.lake.checkpoint.AccountStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Replays one partition's new records: decodes, computes features, writes rows, and leaves the states behind for next time.
 * Memory: the partition's accounts, one block of one Capture file, and what {@link DatedTables} holds. For one thread, once.
 */
final class PartitionReplay implements AutoCloseable {

    private final PartitionUnit unit;
    private final PartitionIntake intake;
    private final PartitionOutput output;
    private @Nullable AccountFold fold;

    /** Of nothing yet. */
    PartitionReplay(PartitionUnit unit) throws IOException {
        this.unit = unit;
        this.output = unit.output();
        this.intake = unit.intake();
    }

    /** Loads the states that the version before left. */
    void begin() throws IOException {
        fold = unit.fold(account -> true);
    }

    /** Moves to the next record that is a valid event, counting those that are none; null at the end. */
    @Nullable
    Transaction next() throws IOException {
        return intake.next();
    }

    int partition() {
        return unit.partition();
    }

    /** Sequence number of the event it stands at. */
    long sequenceNumber() {
        return intake.record().sequenceNumber();
    }

    /** The event it stands at; null at the end. */
    @Nullable
    Transaction event() {
        return intake.event();
    }

    /** Makes the event it stands at a row; tells whether its amount was usual for its account. */
    boolean take(RiskKnown known) throws IOException {
        Transaction event = intake.event();
        if (event == null) {
            throw new IllegalStateException("there is no event");
        }
        AccountFold states = begun();
        double[] vector = states.apply(event, known.risk());
        CapturedEvent record = intake.record();
        output.add(
                new PartitionOutput.Made(record.sequenceNumber(), record.enqueuedTimeMs(), known, states.late()),
                event,
                vector);
        return states.usual();
    }

    /** Puts what is left into the lake. */
    PartitionResult finish() throws IOException {
        return unit.finish(output, intake.report(), AccountStream.of(begun().states()));
    }

    private AccountFold begun() {
        if (fold == null) {
            throw new IllegalStateException("not begun");
        }
        return fold;
    }

    @Override
    public void close() throws IOException {
        try {
            intake.close();
        } finally {
            output.close();
        }
    }
}
