package io.outrider.training.etl;

import io.outrider.core.port.BlobStore;
import io.outrider.lake.table.TableFileWriter;
import io.outrider.lake.table.TableSchema;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into Parquet files by event date: each is made on disk and put into the lake whole once it is full, or once so
 * many other dates have come since that nothing more is expected. Rows of a date that comes again nevertheless wait on disk and
 * go into another file at the end: however dates take turns, there are at most two files a date more than full ones. Holds
 * one row group per open file in memory, and one whole file while it is put. For one thread.
 */
final class DatedTables implements AutoCloseable {

    private static final long DAY_MS = 24L * 3_600_000;
    private static final double[] NO_REALS = {};

    private final BlobStore lake;
    private final String folder;
    private final int partition;
    private final TableSchema schema;
    private final Limits limits;
    private final Path scratch;
    private final Map<Long, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true); // the longest unused first
    private final Map<Long, Integer> begun = new HashMap<>();
    private final Set<Long> ended = new HashSet<>();
    private final LateRows late;
    private final List<DataFile> files = new ArrayList<>();

    /**
     * What bounds memory.
     *
     * @param rowsPerFile rows after which a file is full
     * @param openDates how many dates' files are open at once
     */
    record Limits(long rowsPerFile, int openDates) {}

    private record OpenFile(Path path, TableFileWriter writer) {}

    /**
     * Nothing written yet.
     *
     * @param folder where in the lake, slash included
     * @param disk where temporary files may be made
     */
    DatedTables(BlobStore lake, String folder, int partition, TableSchema schema, Limits limits, Path disk)
            throws IOException {
        this.lake = lake;
        this.folder = folder;
        this.partition = partition;
        this.schema = schema;
        this.limits = limits;
        this.scratch = Files.createTempDirectory(disk, "outrider-etl-");
        this.late = new LateRows(scratch, schema);
    }

    /** Adds a row to the file of its date. */
    void add(long eventTimeMs, @Nullable Object[] row) throws IOException {
        add(eventTimeMs, row, NO_REALS);
    }

    /**
     * The same with the values of its last columns apart, which are all REAL.
     *
     * @param reals NaN for none
     */
    void add(long eventTimeMs, @Nullable Object[] row, double[] reals) throws IOException {
        long day = Math.floorDiv(eventTimeMs, DAY_MS);
        if (ended.contains(day)) {
            late.add(day, row, reals);
        } else {
            write(day, row, reals);
        }
    }

    private void write(long day, @Nullable Object[] row, double[] reals) throws IOException {
        OpenFile file = open.get(day);
        if (file == null) {
            file = begin(day);
        }
        file.writer().add(row, reals);
        if (file.writer().rows() >= limits.rowsPerFile()) {
            open.remove(day);
            put(day, file);
        }
    }

    private OpenFile begin(long day) throws IOException {
        if (open.size() >= limits.openDates()) {
            Iterator<Map.Entry<Long, OpenFile>> oldest = open.entrySet().iterator();
            Map.Entry<Long, OpenFile> entry = oldest.next();
            oldest.remove();
            ended.add(entry.getKey());
            put(entry.getKey(), entry.getValue());
        }
        Path path = scratch.resolve(LocalDate.ofEpochDay(day) + ".parquet");
        OpenFile file = new OpenFile(path, new TableFileWriter(path, schema));
        open.put(day, file);
        return file;
    }

    private void put(long day, OpenFile file) throws IOException {
        file.writer().close();
        byte[] content = Files.readAllBytes(file.path());
        Files.delete(file.path());
        String date = LocalDate.ofEpochDay(day).toString();
        int number = begun.merge(day, 1, Integer::sum) - 1;
        String name = folder + "event_date=" + date + "/part-" + number + ".parquet";
        lake.put(name, content);
        files.add(
                new DataFile(name, date, partition, file.writer().rows(), content.length, StoredFile.sha256(content)));
    }

    /** Puts what is still open, and what waits; all files, in the order in which they were put. */
    List<DataFile> finish() throws IOException {
        putOpen();
        for (long day : late.days()) {
            late.drain(day, (row, reals) -> write(day, row, reals));
            putOpen();
        }
        return files;
    }

    private void putOpen() throws IOException {
        for (Map.Entry<Long, OpenFile> entry : open.entrySet()) {
            put(entry.getKey(), entry.getValue());
        }
        open.clear();
    }

    /** Removes what there is on disk; what was not finished is lost. */
    @Override
    public void close() throws IOException {
        for (OpenFile file : open.values()) {
            try {
                file.writer().close();
            } finally {
                Files.deleteIfExists(file.path());
            }
        }
        open.clear();
        late.close();
        Files.deleteIfExists(scratch);
    }
}
