package io.outrider.core.port;

import io.outrider.core.alert.Alert;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The alerts of the whole cluster, as read back from the alerts topic: each id once. Thread-safe. */
public interface AlertFeed extends KnownAccounts {

    /**
     * An alert in the feed's order.
     *
     * @param cursor where the feed stands after this alert; resuming from it continues with the next one
     * @param afterGap whether alerts before this one may be missing: those behind the cursor resumed from are no longer kept, or the
     *     topic has dropped some before they were read
     */
    record Item(String cursor, Alert alert, boolean afterGap) {

        /** An alert with nothing missing before it. */
        public Item(String cursor, Alert alert) {
            this(cursor, alert, false);
        }
    }

    /** Alerts, newest first; {@code next} continues with older ones and is null at the end. */
    record Page(List<Alert> items, @Nullable String next) {}

    /** One alert by id, if it is still in the index. */
    Optional<Alert> find(String id);

    /**
     * Recent alerts, newest first.
     *
     * @param account only this account's, or all if null
     * @param cursor {@link Page#next} of the page before, or null to start; IllegalArgumentException if it is none
     * @param limit 1 to 1,000
     */
    Page page(@Nullable String account, @Nullable String cursor, int limit);

    /**
     * Alerts as they arrive, without loss or repetition.
     *
     * @param cursor {@link Item#cursor} after which to resume; null for those from now on. IllegalArgumentException if
     *     it is none. A cursor older than the index resumes at the oldest alert kept, which says so:
     *     {@link Item#afterGap}.
     * @return a publisher for one subscriber; it fails with {@link UnavailableException} for a subscriber too slow
     */
    Flow.Publisher<Item> stream(@Nullable String cursor);
}
