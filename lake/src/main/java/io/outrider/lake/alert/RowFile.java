package io.outrider.lake.alert;

import io.outrider.lake.alert.StoredFile.Range;
import io.outrider.lake.table.TableFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file being written: takes rows newest first, each id once, and becomes a {@link StoredFile}. For one thread. */
final class RowFile implements AutoCloseable {

    private final StoredTable table;
    private final Path folder;
    private final Path path;
    private final TableFileWriter writer;
    private final Map<String, Range> ids = new HashMap<>();
    private @Nullable StoredRow newest;
    private @Nullable StoredRow oldest;

    RowFile(StoredTable table) throws IOException {
        this.table = table;
        this.folder = Files.createTempDirectory("outrider-rows-");
        this.path = folder.resolve("rows.parquet");
        this.writer = new TableFileWriter(path, table.schema());
    }

    void add(StoredRow row) throws IOException {
        if (newest == null) {
            newest = row;
        }
        oldest = row;
        long number = StoredFile.number(row.id());
        ids.merge(StoredFile.stem(row.id()), new Range(number, number), Range::with);
        writer.add(row.values());
    }

    /** Ends the file and puts it into the lake under a name of its own; null if it has no rows. */
    @Nullable
    StoredFile store(AlertFiles files, String date, String name, int level) throws IOException {
        writer.close();
        if (newest == null || oldest == null) {
            return null;
        }
        byte[] content = Files.readAllBytes(path);
        String full = files.name(table, date, name);
        if (!files.create(full, content)) {
            throw new IOException(full + " is there already");
        }
        return new StoredFile(
                table, date, full, level, writer.rows(), content.length, oldest.timeMs(), newest.timeMs(), ids);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(folder);
    }
}
