package io.outrider.core.account;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of decisions on one account: its episode of alerts and its last scored transactions. Depends on
 * the contexts that were in force, so it is kept apart from the feature state. Belongs to one thread.
 *
 * <p>An episode gathers alerts that follow one another within the cool-down; its id is that of the alert that opened
 * it. When it is over is the alert policy's to say: this only keeps the times.
 */
public final class DecisionState {

    /** How many scored transactions are kept. */
    public static final int RECENT = 10;

    /** Ids and names are kept up to this length in characters, so that the state stays small. */
    static final int MAX_TEXT_CHARS = 64;

    private static final int MAX_TEXT_BYTES = 3 * 256;
    private static final int VERSION = 2;

    /** Knew no review sample; otherwise the same. */
    private static final int VERSION_WITHOUT_REVIEW = 1;

    private static final int TEXT_ID = 1;
    private static final int REVIEW = 2;
    private static final int UUID_CHARS = 36;

    private final Deque<ScoredTransaction> recent = new ArrayDeque<>(RECENT);
    private @Nullable String episodeId;
    private long lastAlertTimeMs;
    private long episodeAlerts;
    private long episodes;

    /** The last transactions with their scores, newest first; at most {@value #RECENT}. */
    public List<ScoredTransaction> recent() {
        return new ArrayList<>(recent);
    }

    /** The score of the transaction decided last, NaN before the first. */
    public double newestScore() {
        ScoredTransaction newest = recent.peekFirst();
        return newest == null ? Double.NaN : newest.score();
    }

    /**
     * Remembers a decided transaction, in place of the oldest; its texts are cut to {@value #MAX_TEXT_CHARS}
     * characters.
     */
    public void record(ScoredTransaction scored) {
        if (recent.size() == RECENT) {
            recent.removeLast();
        }
        recent.addFirst(bounded(scored));
    }

    /** The id of the last episode, over or not; null before the first alert. */
    public @Nullable String episodeId() {
        return episodeId;
    }

    /** Event time of the newest alert, milliseconds since the epoch; meaningless before the first alert. */
    public long lastAlertTimeMs() {
        return lastAlertTimeMs;
    }

    /** How many alerts the last episode holds; 0 before the first. */
    public long episodeAlerts() {
        return episodeAlerts;
    }

    /** How many episodes there were. */
    public long episodes() {
        return episodes;
    }

    /** Begins an episode with its first alert. */
    public void openEpisode(String id, long timeMs) {
        episodeId = id;
        lastAlertTimeMs = timeMs;
        episodeAlerts = 1;
        episodes++;
    }

    /** Adds an alert to the episode. */
    public void continueEpisode(long timeMs) {
        lastAlertTimeMs = Math.max(lastAlertTimeMs, timeMs);
        episodeAlerts++;
    }

    /** An independent copy. */
    public DecisionState copy() {
        var copy = new DecisionState();
        copy.recent.addAll(recent);
        copy.episodeId = episodeId;
        copy.lastAlertTimeMs = lastAlertTimeMs;
        copy.episodeAlerts = episodeAlerts;
        copy.episodes = episodes;
        return copy;
    }

    /**
     * Writes the state: format version; episodes; if there were any: id, its alerts, time of the last alert; number
     * of recent transactions, then newest first: flags (1: the id is text, and no UUID; 2: for review), id (16 bytes if
     * it is a UUID, else text), time less the one before, amount, merchant, score, alert id. Absent texts are empty.
     */
    public void write(StateWriter out) {
        out.byteValue(VERSION);
        out.unsigned(episodes);
        if (episodeId != null) {
            out.text(episodeId);
            out.unsigned(episodeAlerts);
            out.signed(lastAlertTimeMs);
        }
        out.unsigned(recent.size());
        long previousMs = 0;
        for (ScoredTransaction scored : recent) {
            writeId(out, scored.transactionId(), scored.review() ? REVIEW : 0);
            out.signed(scored.eventTimeMs() - previousMs);
            out.decimal(scored.amount());
            out.text(scored.merchant() == null ? "" : scored.merchant());
            out.fixedDouble(scored.score());
            out.text(scored.alertId() == null ? "" : scored.alertId());
            previousMs = scored.eventTimeMs();
        }
    }

    /** Inverse of {@link #write}; throws IllegalArgumentException on another version or damaged bytes. */
    public static DecisionState read(StateReader in) {
        int version = in.byteValue();
        if (version != VERSION && version != VERSION_WITHOUT_REVIEW) {
            throw new IllegalArgumentException("decision state has format version " + version + ", not " + VERSION);
        }
        var state = new DecisionState();
        state.episodes = in.unsigned();
        if (state.episodes != 0) {
            state.episodeId = in.text(MAX_TEXT_BYTES);
            state.episodeAlerts = in.unsigned();
            state.lastAlertTimeMs = in.signed();
        }
        int size = in.unsigned(RECENT);
        long previousMs = 0;
        for (int i = 0; i < size; i++) {
            int flags = in.unsigned(TEXT_ID | REVIEW);
            String id = readId(in, (flags & TEXT_ID) != 0);
            previousMs += in.signed();
            double amount = in.decimal();
            String merchant = in.text(MAX_TEXT_BYTES);
            double score = in.fixedDouble();
            String alertId = in.text(MAX_TEXT_BYTES);
            state.recent.addLast(new ScoredTransaction(
                    id,
                    previousMs,
                    amount,
                    absentIfEmpty(merchant),
                    score,
                    absentIfEmpty(alertId),
                    (flags & REVIEW) != 0));
        }
        return state;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DecisionState that
                && Objects.equals(episodeId, that.episodeId)
                && lastAlertTimeMs == that.lastAlertTimeMs
                && episodeAlerts == that.episodeAlerts
                && episodes == that.episodes
                && recent().equals(that.recent());
    }

    @Override
    public int hashCode() {
        return recent().hashCode();
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

    private static String readId(StateReader in, boolean text) {
        return text ? in.text(MAX_TEXT_BYTES) : new UUID(in.fixedLong(), in.fixedLong()).toString();
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

    private static ScoredTransaction bounded(ScoredTransaction scored) {
        String merchant = scored.merchant();
        return new ScoredTransaction(
                bounded(scored.transactionId()),
                scored.eventTimeMs(),
                scored.amount(),
                merchant == null || merchant.isEmpty() ? null : bounded(merchant),
                scored.score(),
                scored.alertId(),
                scored.review());
    }

    private static String bounded(String text) {
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
