package io.outrider.core.account;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account's last scored transactions, in one array of the bytes that a snapshot has of them: a snapshot then copies once,
 * and an account in memory keeps one object, which a new transaction changes in place. Belongs to one thread.
 */
final class RecentTransactions {

    /** Ids and names are kept up to this length in characters, so that the state stays small. */
    static final int MAX_TEXT_CHARS = 64;

    static final int MAX_TEXT_BYTES = 3 * 256;

    private static final int TEXT_ID = 1;
    private static final int REVIEW = 2;
    private static final int UUID_CHARS = 36;
    private static final int UUID_BYTES = 16;
    private static final int TYPICAL_BYTES = 192;

    /** The array's length is a multiple of this, so that it does not grow by a few bytes each time. */
    private static final int STEP = 64;

    private static final byte[] NONE = {};

    /** Where a thread writes what is to come first. */
    private static final ThreadLocal<StateWriter> HEAD = ThreadLocal.withInitial(() -> new StateWriter(TYPICAL_BYTES));

    /** The entries as {@link #write} has them, newest first; {@link #used} bytes of it. */
    private byte[] entries = NONE;

    private int used;

    /** Length of each entry in bytes. */
    private final short[] lengths;

    private int size;
    private long newestMs;
    private double newestScore = Double.NaN;

    RecentTransactions(int capacity) {
        lengths = new short[capacity];
    }

    /** Newest first. */
    List<ScoredTransaction> list() {
        List<ScoredTransaction> list = new ArrayList<>(size);
        StateReader in = new StateReader(entries);
        long timeMs = 0;
        for (int i = 0; i < size; i++) {
            int flags = in.unsigned(TEXT_ID | REVIEW);
            String id = readId(in, flags);
            timeMs += in.signed();
            double amount = in.decimal();
            String merchant = in.text(MAX_TEXT_BYTES);
            double score = in.fixedDouble();
            String alertId = in.text(MAX_TEXT_BYTES);
            list.add(new ScoredTransaction(
                    id, timeMs, amount, absentIfEmpty(merchant), score, absentIfEmpty(alertId), (flags & REVIEW) != 0));
        }
        return list;
    }

    /** NaN if there is none. */
    double newestScore() {
        return newestScore;
    }

    /** Adds the newest, in place of the oldest. */
    void add(ScoredTransaction scored) {
        StateWriter head = HEAD.get();
        head.clear();
        write(head, scored);
        int newest = head.length();
        int kept = used;
        if (size == lengths.length) {
            kept -= lengths[--size];
        }
        int former = size == 0 ? 0 : lengths[0];
        if (size > 0) {
            writeBehind(head, former, newestMs - scored.eventTimeMs());
            System.arraycopy(lengths, 0, lengths, 1, size);
            lengths[1] = (short) (head.length() - newest);
        }
        int rest = kept - former;
        used = head.length() + rest;
        byte[] to = used <= entries.length ? entries : new byte[(used + STEP - 1) / STEP * STEP];
        System.arraycopy(entries, former, to, head.length(), rest);
        head.copyTo(to, 0);
        entries = to;
        lengths[0] = (short) newest;
        size++;
        newestMs = scored.eventTimeMs();
        newestScore = scored.score();
    }

    /** Writes the newest entry so far, of this length, as one that is no longer the newest. */
    private void writeBehind(StateWriter out, int length, long sinceNewestMs) {
        int behindId = behindId();
        out.raw(entries, 0, behindId);
        out.signed(sinceNewestMs);
        int behindTime = behindId;
        while (entries[behindTime] < 0) {
            behindTime++;
        }
        out.raw(entries, behindTime + 1, length);
    }

    /** Where the newest entry has its time. */
    private int behindId() {
        if ((entries[0] & TEXT_ID) == 0) {
            return 1 + UUID_BYTES;
        }
        StateReader in = new StateReader(entries);
        in.byteValue();
        int length = in.unsigned(MAX_TEXT_BYTES);
        return in.position() + length;
    }

    /** Takes over those of another of the same capacity. */
    void addAll(RecentTransactions other) {
        entries = Arrays.copyOf(other.entries, other.used);
        used = other.used;
        System.arraycopy(other.lengths, 0, lengths, 0, other.size);
        size = other.size;
        newestMs = other.newestMs;
        newestScore = other.newestScore;
    }

    /**
     * Writes how many there are, then newest first: flags (1: the id is text, and no UUID; 2: for review), id (16 bytes
     * if it is a UUID, else text), time less the one before, amount, merchant, score, alert id. Absent texts are empty.
     */
    void write(StateWriter out) {
        out.unsigned(size);
        out.raw(entries, 0, used);
    }

    /** Inverse of {@link #write}, into an empty one; throws IllegalArgumentException on damaged bytes. */
    void read(StateReader in) {
        int count = in.unsigned(lengths.length);
        int start = in.position();
        for (int i = 0; i < count; i++) {
            int from = in.position();
            readId(in, in.unsigned(TEXT_ID | REVIEW));
            long timeMs = in.signed();
            in.decimal();
            in.text(MAX_TEXT_BYTES);
            double score = in.fixedDouble();
            in.text(MAX_TEXT_BYTES);
            lengths[i] = (short) (in.position() - from);
            newestMs = i == 0 ? timeMs : newestMs;
            newestScore = i == 0 ? score : newestScore;
        }
        entries = in.copy(start, in.position());
        used = entries.length;
        size = count;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecentTransactions that
                && size == that.size
                && Arrays.equals(entries, 0, used, that.entries, 0, that.used);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.copyOf(entries, used));
    }

    private static void write(StateWriter out, ScoredTransaction scored) {
        writeId(out, bounded(scored.transactionId()), scored.review() ? REVIEW : 0);
        out.signed(scored.eventTimeMs());
        out.decimal(scored.amount());
        out.text(scored.merchant() == null ? "" : bounded(scored.merchant()));
        out.fixedDouble(scored.score());
        out.text(scored.alertId() == null ? "" : scored.alertId());
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
