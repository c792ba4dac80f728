package io.outrider.training.fit;

import io.outrider.core.event.Transaction;
import java.time.Instant;
import java.util.Locale;

/**
 * What a model may be fitted on: all rows of the training days for the forest (their labels are not looked at), and those
 * whose label is known by the time of the fit for a supervised model, whose last quarter of time also serves to place its
 * threshold. Thinned to bounded space. Belongs to one thread.
 */
public final class TrainingRows {

    /** Share of the time with known labels that a supervised model's threshold is placed on. */
    private static final double LATER_SHARE = 0.25;

    private final Known known;
    private final long knownBy;
    private final long laterFrom;
    private final long calibrateFrom;
    private final ThinnedRows all;
    private final ThinnedRows genuine;
    private final ThinnedRows frauds;
    private final ThinnedRows later;

    /**
     * The time in which labels are known when the model is fitted, in milliseconds since the epoch.
     *
     * @param fromMs where the training days begin
     * @param untilMs event time of the newest transaction whose label may be known; before the training days where the
     *     labels of none of them are
     */
    public record Known(long fromMs, long untilMs) {

        /** No label is known. */
        public static final Known NOTHING = new Known(Long.MIN_VALUE, Long.MIN_VALUE);
    }

    /**
     * Empty.
     *
     * @param width length of a vector
     */
    public TrainingRows(int width, Known known, TrainingSettings settings) {
        this.known = known;
        this.knownBy = known.untilMs();
        this.laterFrom = laterFrom(known);
        this.calibrateFrom = Long.MIN_VALUE;
        this.all = new ThinnedRows(width, settings.unlabelledRows());
        this.genuine = new ThinnedRows(width, settings.genuineRows());
        this.frauds = new ThinnedRows(width, settings.fraudRows());
        this.later = new ThinnedRows(width, settings.unlabelledRows());
    }

    /**
     * Samples drawn by hash: no row can be added. Only what lies in the time of known labels counts as labelled.
     *
     * @param calibrateFromMs a forest is calibrated on no older row; milliseconds since the epoch
     * @param all of all rows of the training days
     * @param labelled of the genuine ones among them, and of the frauds
     */
    public TrainingRows(int width, Known known, long calibrateFromMs, HashedRows.Sample all, Labelled labelled) {
        this.known = known;
        this.knownBy = known.untilMs();
        this.laterFrom = laterFrom(known);
        this.calibrateFrom = calibrateFromMs;
        this.all = ThinnedRows.of(width, all);
        this.genuine = ThinnedRows.of(width, labelled.genuine().between(Long.MIN_VALUE, knownBy));
        this.frauds = ThinnedRows.of(width, labelled.frauds().between(Long.MIN_VALUE, knownBy));
        this.later = ThinnedRows.of(width, labelled.mixed().between(laterFrom, knownBy));
    }

    /**
     * Rows whose label is known when the model is fitted.
     *
     * @param genuine of the genuine ones
     * @param frauds of the frauds
     * @param mixed of both, in the proportion in which there are
     */
    public record Labelled(HashedRows.Sample genuine, HashedRows.Sample frauds, HashedRows.Sample mixed) {}

    private static long laterFrom(Known known) {
        return known.fromMs() + (long) ((known.untilMs() - known.fromMs()) * (1 - LATER_SHARE));
    }

    /** Takes a row of the training days, in event order. */
    public void add(double[] vector, Transaction event) {
        long time = event.eventTimeMs();
        all.add(vector, time, false);
        Boolean fraud = event.fraud();
        if (fraud != null && time <= knownBy) {
            (fraud ? frauds : genuine).add(vector, time, fraud);
            if (time >= laterFrom) {
                later.add(vector, time, fraud);
            }
        }
    }

    /** Every row of the training days, without labels. */
    ThinnedRows all() {
        return all;
    }

    /** Rows known as genuine. */
    ThinnedRows genuine() {
        return genuine;
    }

    /** Rows known as fraud. */
    ThinnedRows frauds() {
        return frauds;
    }

    /** The labelled rows from {@link #laterFrom} on, frauds and genuine alike thinned. */
    ThinnedRows later() {
        return later;
    }

    /** Where the last part of the labelled time begins, milliseconds since the epoch. */
    long laterFrom() {
        return laterFrom;
    }

    /** A forest is calibrated on no older row; milliseconds since the epoch. */
    long calibrateFrom() {
        return calibrateFrom;
    }

    /** How many rows the training days had. */
    public long size() {
        return all.seen();
    }

    /**
     * Whether a supervised model can be fitted on them: there must be frauds and genuine events before the last quarter of the time with
     * known labels, to fit on, and in it, to place the threshold on.
     */
    public boolean serveSupervised() {
        return frauds.before(laterFrom) > 0
                && genuine.before(laterFrom) > 0
                && laterFrauds() > 0
                && laterFrauds() < later.size();
    }

    /** What there is for a supervised model, in words: counts and dates. */
    public String labelCounts() {
        if (knownBy <= known.fromMs()) {
            return "no label of the training days is known when the test begins"
                    + (known.equals(Known.NOTHING)
                            ? ""
                            : ": they begin at " + Instant.ofEpochMilli(known.fromMs())
                                    + ", and labels are known of events until " + Instant.ofEpochMilli(knownBy));
        }
        return String.format(
                Locale.ROOT,
                "there are %d frauds and %d genuine events before %s, and %d and %d from then until %s",
                frauds.before(laterFrom),
                genuine.before(laterFrom),
                Instant.ofEpochMilli(laterFrom),
                laterFrauds(),
                later.size() - laterFrauds(),
                Instant.ofEpochMilli(knownBy));
    }

    private int laterFrauds() {
        int count = 0;
        for (int row = 0; row < later.size(); row++) {
            count += later.fraud(row) ? 1 : 0;
        }
        return count;
    }
}
