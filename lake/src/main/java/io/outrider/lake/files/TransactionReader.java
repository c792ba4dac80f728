package io.outrider.lake.files;

import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The accepted events of a history, in event order; bad rows are skipped and counted. For one thread. */
public final class TransactionReader implements Iterator<FileEvent>, AutoCloseable {

    private static final int EXAMPLES = 10;

    private final RowReader rows;
    private final List<String> examples = new ArrayList<>();
    private long rejected;
    private @Nullable FileEvent next;

    TransactionReader(RowReader rows) {
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        while (next == null && rows.hasNext()) {
            FileRow row = rows.next();
            if (row.result() instanceof Transaction transaction) {
                next = new FileEvent(transaction, row.fraudScenario());
            } else if (row.result() instanceof Rejection rejection) {
                reject(row, rejection);
            }
        }
        return next != null;
    }

    private void reject(FileRow row, Rejection rejection) {
        rejected++;
        if (examples.size() < EXAMPLES) {
            examples.add(row.place() + ": " + rejection.reason().wireName() + ": " + rejection.detail());
        }
    }

    @Override
    public FileEvent next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        FileEvent event = next;
        next = null;
        return event;
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
