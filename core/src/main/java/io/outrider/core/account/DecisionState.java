package io.outrider.core.account;

import io.outrider.core.encoding.StateReader;
import io.outrider.core.encoding.StateWriter;
import java.util.List;
import java.util.Objects;
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

    private static final int VERSION = 2;

    /** Knew no review sample; otherwise the same. */
    private static final int VERSION_WITHOUT_REVIEW = 1;

    private final RecentTransactions recent = new RecentTransactions(RECENT);
    private @Nullable String episodeId;
    private long lastAlertTimeMs;
    private long episodeAlerts;
    private long episodes;

    /** The last transactions with their scores, newest first; at most {@value #RECENT}. */
    public List<ScoredTransaction> recent() {
        return recent.list();
    }

    /** The score of the transaction decided last, NaN before the first. */
    public double newestScore() {
        return recent.newestScore();
    }

    /**
     * Remembers a decided transaction, in place of the oldest; its texts are cut to
     * {@value RecentTransactions#MAX_TEXT_CHARS} characters.
     */
    public void record(ScoredTransaction scored) {
        recent.add(scored);
    }

    /** The id of the last episode by event time, over or not; null before the first alert. */
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

    /** Counts an episode that was over before the last one began; the last one stays as it is. */
    public void countPastEpisode() {
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
     * Writes the state: format version; episodes; if there were any: id, its alerts, time of the last alert; the
     * {@link RecentTransactions#write recent transactions}.
     */
    public void write(StateWriter out) {
        out.byteValue(VERSION);
        out.unsigned(episodes);
        if (episodeId != null) {
            out.text(episodeId);
            out.unsigned(episodeAlerts);
            out.signed(lastAlertTimeMs);
        }
        recent.write(out);
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
            state.episodeId = in.text(RecentTransactions.MAX_TEXT_BYTES);
            state.episodeAlerts = in.unsigned();
            state.lastAlertTimeMs = in.signed();
        }
        state.recent.read(in);
        return state;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DecisionState that
                && Objects.equals(episodeId, that.episodeId)
                && lastAlertTimeMs == that.lastAlertTimeMs
                && episodeAlerts == that.episodeAlerts
                && episodes == that.episodes
                && recent.equals(that.recent);
    }

    @Override
    public int hashCode() {
        return recent.hashCode();
    }
}
