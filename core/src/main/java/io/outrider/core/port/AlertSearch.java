package io.outrider.core.port;

import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertFilter;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.event.Label;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * All alerts ever kept, with what is known of them: the recent ones from memory, older ones from the lake, each id once.
 * The same on every node. Stages fail with {@link UnavailableException} while the lake cannot be read. Thread-safe.
 */
public interface AlertSearch {

    /** An alert and the label that counts, null if its transaction has none. */
    record Found(Alert alert, @Nullable Label label) {}

    /**
     * A page.
     *
     * @param next continues behind the last item; null at the end
     * @param incomplete whether alerts may be missing, because they are no longer in memory and not yet in the lake, or
     *     labels, because the node has just started
     */
    record Page(List<Found> items, @Nullable String next, boolean incomplete) {}

    /** What comes first; equals stand newest first. */
    enum Order {
        /** The newest event time. */
        NEWEST,
        /** The highest score. */
        SCORE,
        /** The highest amount. */
        AMOUNT
    }

    /**
     * Alerts that match. By {@link Order#NEWEST} a page reads what it shows; by any other, everything in the period.
     *
     * @param cursor {@link Page#next} of a page in the same order, or null to start; the stage fails with
     *     IllegalArgumentException if it is none. Valid on every node, and for good
     * @param limit 1 to 1,000
     */
    CompletionStage<Page> search(AlertFilter filter, Order order, @Nullable String cursor, int limit);

    /** One alert by its id. */
    CompletionStage<Optional<Found>> findStored(String id);

    /**
     * Alerts raised for like reasons, the most alike first: cosine of what the features contributed, upwards, to the scores.
     * Looks at the newest some thousands around the alert's own time. Empty if there is no such alert.
     *
     * @param limit 1 to 100
     */
    CompletionStage<Optional<List<Similar>>> similar(String id, int limit);

    /** An alert like another one; {@code similarity} is above 0 and at most 1. */
    record Similar(double similarity, Found found) {}

    /** Scores an alert's receipt again, with the model that it names. Empty if there is no such alert. */
    CompletionStage<Optional<Replay>> replay(String id);

    /**
     * What scoring a receipt again gave.
     *
     * @param equal whether it is the same score, bit for bit
     */
    record Replay(String modelVersion, double recordedScore, double replayedScore, boolean equal) {}

    /**
     * What is kept of a transaction: its alert, or that it is in the review sample; several where its id came several times.
     *
     * @param account its account; without it only alerts in memory are looked at
     */
    CompletionStage<List<Known>> transaction(@Nullable String account, String transactionId);

    /** What is kept of a transaction: one of alert and sampled is there. */
    record Known(
            @Nullable Alert alert,
            @Nullable ScoredEvent sampled,
            @Nullable Label label) {}

    /** All labels of a transaction in the order in which they became known: who said what, and when. */
    List<Label> labels(String account, String transactionId);

    /** Whether the labels that there were when the node started have been read; until then some may be missing. */
    boolean knowsLabels();
}
