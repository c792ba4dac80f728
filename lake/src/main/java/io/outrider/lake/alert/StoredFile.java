package io.outrider.lake.alert;

import io.outrider.core.event.LogPosition;
import java.util.Map;

/**
 * A file that counts. Its rows are ordered newest first, each id once.
 *
 * @param date day (UTC) of all its rows' times, ISO-8601
 * @param level 0 as first written, one more each time files are merged
 * @param fromMs time of its oldest row
 * @param toMs time of its newest row
 * @param ids for search by id: by what precedes the last hyphen the lowest and the highest number behind it
 */
public record StoredFile(
        StoredTable table,
        String date,
        String name,
        int level,
        long rows,
        long bytes,
        long fromMs,
        long toMs,
        Map<String, Range> ids) {

    /** Numbers, both included. */
    public record Range(long first, long last) {

        Range with(Range other) {
            return new Range(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    public StoredFile {
        ids = Map.copyOf(ids);
    }

    /** The place in a log that an id names; of one that names none, one before all erasures. */
    static LogPosition place(String id) {
        String stem = stem(id);
        return new LogPosition(stem(stem), (int) number(stem), number(id));
    }

    /** Whether a row of this id may be in it. */
    boolean mayHave(String id) {
        Range range = ids.get(stem(id));
        return range != null && number(id) >= range.first && number(id) <= range.last;
    }

    static String stem(String id) {
        return id.substring(0, Math.max(0, id.lastIndexOf('-')));
    }

    /** The number behind the last hyphen; -1 if there is none. */
    static long number(String id) {
        try {
            return Long.parseLong(id, id.lastIndexOf('-') + 1, id.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
