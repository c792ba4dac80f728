package io.outrider.core.account;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account's last scored transactions, each as the bytes that a snapshot has of it: a snapshot then only copies, and
 * an account in memory keeps one object of each instead of four. Belongs to one thread.
 */
final class RecentTransactions {

    /** Ids and names are kept up to this length in characters, so that the state stays small. */
    static final int MAX_TEXT_CHARS = 64;

    static final int MAX_TEXT_BYTES = 3 * 256;

    private static final int TEXT_ID = 1;
    private static final int REVIEW = 2;
    private static final int UUID_CHARS = 36;
    private static final int UUID_BYTES = 16;
    private static final int TYPICAL_BYTES = 96;

    /** Newest first: flags and id, then, behind where {@link #write} has the time, amount, merchant, score, alert id. */
    private final byte[][] entries;

    private final long[] timesMs;
    private int size;
    private double newestScore = Double.NaN;

    RecentTransactions(int capacity) {
        entries = new byte[capacity][];
        timesMs = new long[capacity];
    }

    /** Newest first. */
    List<ScoredTransaction> list() {
        List<ScoredTransaction> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(decode(entries[i], timesMs[i]));
        }
        return list;
    }

    /** NaN if there is none. */
    double newestScore() {
        return newestScore;
    }

    /** Adds the newest, in place of the oldest. */
    void add(ScoredTransaction scored) {
        size = Math.min(size + 1, entries.length);
        System.arraycopy(entries, 0, entries, 1, size - 1);
        System.arraycopy(timesMs, 0, timesMs, 1, size - 1);
        entries[0] = encode(scored);
        timesMs[0] = scored.eventTimeMs();
        newestScore = scored.score();
    }

    /** Takes over those of another of the same capacity. */
    void addAll(RecentTransactions other) {
        // Entries are never changed, so both may have them.
        System.arraycopy(other.entries, 0, entries, 0, other.size);
        System.arraycopy(other.timesMs, 0, timesMs, 0, other.size);
        size = other.size;
        newestScore = other.newestScore;
    }

    /**
     * Writes how many there are, then newest first: flags (1: the id is text, and no UUID; 2: for review), id (16 bytes
     * if it is a UUID, else text), time less the one before, amount, merchant, score, alert id. Absent texts are empty.
     */
    void write(StateWriter out) {
        out.unsigned(size);
        long previousMs = 0;
        for (int i = 0; i < size; i++) {
            byte[] entry = entries[i];
            int behindId = behindId(entry);
            out.raw(entry, 0, behindId);
            out.signed(timesMs[i] - previousMs);
            out.raw(entry, behindId, entry.length);
            previousMs = timesMs[i];
        }
    }

    /** Inverse of {@link #write}, into an empty one; throws IllegalArgumentException on damaged bytes. */
    void read(StateReader in) {
        int count = in.unsigned(entries.length);
        long previousMs = 0;
        for (int i = 0; i < count; i++) {
            int start = in.position();
            readId(in, in.unsigned(TEXT_ID | REVIEW));
            int behindId = in.position();
            previousMs += in.signed();
            int behindTime = in.position();
            in.decimal();
            in.text(MAX_TEXT_BYTES);
            double score = in.fixedDouble();
            in.text(MAX_TEXT_BYTES);
            StateWriter entry = new StateWriter(in.position() - start);
            entry.raw(in.copy(start, behindId));
            entry.raw(in.copy(behindTime, in.position()));
            entries[i] = entry.toBytes();
            timesMs[i] = previousMs;
            newestScore = i == 0 ? score : newestScore;
        }
        size = count;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecentTransactions that
                && Arrays.equals(timesMs, 0, size, that.timesMs, 0, that.size)
                && Arrays.deepEquals(Arrays.copyOf(entries, size), Arrays.copyOf(that.entries, that.size));
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(Arrays.copyOf(entries, size));
    }

    private static byte[] encode(ScoredTransaction scored) {
        StateWriter out = new StateWriter(TYPICAL_BYTES);
        writeId(out, bounded(scored.transactionId()), scored.review() ? REVIEW : 0);
        out.decimal(scored.amount());
        out.text(scored.merchant() == null ? "" : bounded(scored.merchant()));
        out.fixedDouble(scored.score());
        out.text(scored.alertId() == null ? "" : scored.alertId());
        return out.toBytes();
    }

    private static ScoredTransaction decode(byte[] entry, long timeMs) {
        StateReader in = new StateReader(entry);
        int flags = in.unsigned(TEXT_ID | REVIEW);
        String id = readId(in, flags);
        double amount = in.decimal();
        String merchant = in.text(MAX_TEXT_BYTES);
        double score = in.fixedDouble();
        String alertId = in.text(MAX_TEXT_BYTES);
        return new ScoredTransaction(
                id, timeMs, amount, absentIfEmpty(merchant), score, absentIfEmpty(alertId), (flags & REVIEW) != 0);
    }

    private static int behindId(byte[] entry) {
        if ((entry[0] & TEXT_ID) == 0) {
            return 1 + UUID_BYTES;
        }
        StateReader in = new StateReader(entry);
        in.byteValue();
        int length = in.unsigned(MAX_TEXT_BYTES);
        return in.position() + length;
    }

    /** UUIDs are what many producers use, and take 16 bytes instead of 36. */
    private static void writeId(StateWriter out, String id, int flags) {
        UUID uuid = id.length() == UUID_CHARS ? uuid(id) : null;
        if (uuid == null) {
            out.byteValue(flags | TEXT_ID);
            out.text(id);
        } else {
            out.byteValue(flags);
            out.fixedLong(uuid.getMostSignificantBits());
            out.fixedLong(uuid.getLeastSignificantBits());
        }
    }

    private static String readId(StateReader in, int flags) {
        return (flags & TEXT_ID) != 0 ? in.text(MAX_TEXT_BYTES) : new UUID(in.fixedLong(), in.fixedLong()).toString();
    }

    /** The UUID that is spelt exactly so, or null. */
    private static @Nullable UUID uuid(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            return uuid.toString().equals(text) ? uuid : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A text as it is kept. */
    static String bounded(String text) {
        if (text.length() <= MAX_TEXT_CHARS) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_TEXT_CHARS - 1));
        return text.substring(0, splitsPair ? MAX_TEXT_CHARS - 1 : MAX_TEXT_CHARS);
    }

    private static @Nullable String absentIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
