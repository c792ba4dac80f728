package io.outrider.lake.alert;

import io.outrider.lake.table.TableFileReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.jspecify.annotations.Nullable;

/**
 * The rows of many files newest first, each id once: a merge that opens a file only when it has come to its newest row, and
 * holds one row of each open one. For one thread.
 */
public final class RowScan implements AutoCloseable {

    private final List<StoredFile> waiting;
    private final LocalCopies copies;
    private final FilterCompat.Filter filter;
    private final Predicate<StoredRow> leftOut;
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing(Head::row, StoredRow.NEWEST_FIRST));
    private @Nullable StoredRow last;

    private record Head(StoredRow row, TableFileReader reader) {}

    /** @param leftOut rows that are not handed over */
    RowScan(List<StoredFile> files, LocalCopies copies, FilterCompat.Filter filter, Predicate<StoredRow> leftOut) {
        this.leftOut = leftOut;
        this.waiting = new ArrayList<>(files);
        this.waiting.sort(Comparator.comparingLong(StoredFile::toMs)); // the newest stands last
        this.copies = copies;
        this.filter = filter;
    }

    /** The next row; null at the end. */
    public @Nullable StoredRow next() throws IOException {
        while (true) {
            open();
            Head head = heads.poll();
            if (head == null) {
                return null;
            }
            advance(head.reader());
            StoredRow before = last;
            last = head.row();
            if ((before == null || !before.id().equals(head.row().id())) && !leftOut.test(head.row())) {
                return head.row();
            }
        }
    }

    private void open() throws IOException {
        while (!waiting.isEmpty()) {
            StoredFile newest = waiting.get(waiting.size() - 1);
            Head head = heads.peek();
            if (head != null && head.row().timeMs() > newest.toMs()) {
                return;
            }
            waiting.remove(waiting.size() - 1);
            copies.open(newest.name(), this::begin);
        }
    }

    /** Reads the first row, for which a reader opens its file. */
    private TableFileReader begin(Path file) throws IOException {
        TableFileReader reader = new TableFileReader(file, filter);
        advance(reader);
        return reader;
    }

    private void advance(TableFileReader reader) throws IOException {
        @Nullable Object[] values = reader.next();
        if (values == null) {
            reader.close();
        } else {
            heads.add(new Head(new StoredRow(values), reader));
        }
    }

    @Override
    public void close() throws IOException {
        for (Head head : heads) {
            head.reader().close();
        }
        heads.clear();
        waiting.clear();
    }
}
