package io.outrider.lake.files;

import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The accepted events of a history, in event order; bad rows are skipped and counted. For one thread. */
public final class TransactionReader implements Iterator<FileEvent>, AutoCloseable {

    private static final int EXAMPLES = 10;

    private final RowReader rows;
    private final List<String> examples = new ArrayList<>();
    private long rejected;
    private @Nullable FileEvent next;
    private @Nullable FileRow nextRow;
    private @Nullable FileRow row;

    TransactionReader(RowReader rows) {
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        while (next == null && rows.hasNext()) {
            FileRow read = rows.next();
            if (read.result() instanceof Transaction transaction) {
                next = new FileEvent(transaction, read.fraudScenario());
                nextRow = read;
            } else if (read.result() instanceof Rejection rejection) {
                reject(read, rejection);
            }
        }
        return next != null;
    }

    private void reject(FileRow bad, Rejection rejection) {
        rejected++;
        if (examples.size() < EXAMPLES) {
            examples.add(bad.place() + ": " + rejection.reason().wireName() + ": " + rejection.detail());
        }
    }

    @Override
    public FileEvent next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        FileEvent event = next;
        next = null;
        row = nextRow;
        return event;
    }

    /** {@code FILE:LINE} of the event that came last, for messages. */
    public String place() {
        return Objects.requireNonNull(row, "no event has come yet").place();
    }

    /** How many rows so far were no valid events. */
    public long rejected() {
        return rejected;
    }

    /** The first rejected rows with place and reason, at most ten. */
    public List<String> rejectedExamples() {
        return List.copyOf(examples);
    }

    /** How much of the files' bytes has been read, from 0 to 1. */
    public double fractionRead() {
        return rows.fractionRead();
    }

    @Override
    public void close() {
        rows.close();
    }
}
