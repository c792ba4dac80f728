package io.outrider.lake.files;

import io.outrider.core.event.EventSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Every row of several history files, merged by event time. A bad row takes the time of the good row before it. A
 * failing read or a broken CSV row surfaces as {@link UncheckedIOException} that names file and line. For one thread.
 */
public final class RowReader implements Iterator<FileRow>, AutoCloseable {

    private final List<HistoryFile> files;
    private final PriorityQueue<HistoryFile> heads;
    private final long totalBytes;

    private RowReader(List<HistoryFile> files) {
        this.files = files;
        this.totalBytes = files.stream().mapToLong(HistoryFile::sizeBytes).sum();
        this.heads = new PriorityQueue<>(Comparator.comparingLong(HistoryFile::headTimeMs)
                .thenComparing(file -> file.path().getFileName()));
    }

    static RowReader open(List<Path> paths, EventSchema schema) throws IOException {
        requireDifferent(paths);
        List<HistoryFile> opened = new ArrayList<>();
        try {
            for (Path path : paths) {
                opened.add(HistoryFile.open(path, schema));
            }
            RowReader reader = new RowReader(opened);
            for (HistoryFile file : opened) {
                reader.advance(file);
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            opened.forEach(HistoryFile::close);
            throw e;
        }
    }

    /** A file that is read twice has every event happen twice, and no one would see it. */
    private static void requireDifferent(List<Path> paths) throws IOException {
        Map<Object, Path> different = new HashMap<>();
        for (Path path : paths) {
            Path before = different.putIfAbsent(identity(path), path);
            if (before != null) {
                throw new IOException(path + ": is given twice" + (before.equals(path) ? "" : ", also as " + before));
            }
        }
    }

    /** Not only the real path, which a pipe has none of. */
    private static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    private void advance(HistoryFile file) throws IOException {
        if (file.advance()) {
            heads.add(file);
        }
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public FileRow next() {
        HistoryFile file = heads.poll();
        if (file == null) {
            throw new NoSuchElementException();
        }
        FileRow row = file.head();
        try {
            advance(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return row;
    }

    /** How much of the files' bytes has been read, from 0 to 1. */
    public double fractionRead() {
        long read = 0;
        for (HistoryFile file : files) {
            read += file.bytesRead();
        }
        return totalBytes == 0 ? 1 : Math.min(1, (double) read / totalBytes);
    }

    @Override
    public void close() {
        files.forEach(HistoryFile::close);
    }
}
