package io.outrider.lake.files;

import io.outrider.core.event.EventSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads histories: CSV with a header line, or NDJSON, each plain or gzip; told apart by content, not by name. Columns
 * are found by the schema's field names, in any order and any case; other columns are carried along. Several files,
 * given in any order, come out as one stream in event order (a merge: each file's own order is kept, rows of equal time
 * come in the order of the file names).
 */
public final class TransactionFiles {

    private TransactionFiles() {}

    /**
     * The accepted events, skipping and counting bad rows as the live path does.
     *
     * @throws IOException if a file can't be opened, is given twice or is no such history (an unknown form, a required
     *     column missing)
     */
    public static TransactionReader read(List<Path> files, EventSchema schema) throws IOException {
        return new TransactionReader(rows(files, schema));
    }

    /** Every row, good and bad. */
    public static RowReader rows(List<Path> files, EventSchema schema) throws IOException {
        return RowReader.open(files, schema);
    }
}
