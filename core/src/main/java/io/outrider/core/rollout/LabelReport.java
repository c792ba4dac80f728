package io.outrider.core.rollout;

import io.outrider.core.review.Share;

/**
 * What people have said so far of the transactions on which champion and challenger alert, both asked about the same labelled
 * transactions, none of them older than what either was trained on.
 *
 * @param sinceMs event time after which labelled transactions count
 * @param labelled how many there are
 */
public record LabelReport(long sinceMs, long labelled, Hits champion, Hits challenger) {

    /**
     * Labelled transactions on which a model alerts.
     *
     * @param alerts how many
     * @param frauds how many of these are fraud
     */
    public record Hits(long alerts, long frauds) {

        /** None yet. */
        public static final Hits NONE = new Hits(0, 0);

        /** With one more. */
        public Hits with(boolean fraud) {
            return new Hits(alerts + 1, frauds + (fraud ? 1 : 0));
        }

        /** The share of fraud, with its interval. */
        public Share precision() {
            return Share.of(frauds, alerts);
        }
    }
}
