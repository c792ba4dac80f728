package io.outrider.training.run;

import io.outrider.training.fit.HashedRows;
import java.util.List;

/**
 * Where a dataset is cut, by event time: what is older than {@code fitFromMs} is left out, since everything is unusual for an
 * account that nothing is known of; up to {@code testFromMs} the model is fitted and calibrated; the rest tests it. Cut by
 * rows, and by dates that have rows, so that one event with a wild time moves nothing, or by one date.
 *
 * @param fitFromMs milliseconds since the epoch
 * @param knownUntilMs labels of events before are known when the model is fitted
 * @param calibrateFromMs a forest is calibrated on nothing older; milliseconds since the epoch
 * @param testFromMs milliseconds since the epoch
 */
record Slices(long fitFromMs, long knownUntilMs, long calibrateFromMs, long testFromMs) {

    private static final long DAY_MS = 86_400_000;

    static Slices of(HashedRows.Sample all, RunSettings settings) {
        List<HashedRows.Row> rows = all.rows();
        int size = rows.size();
        long fitFrom = rows.get((int) (size * settings.warmingShare())).eventTimeMs();
        long newestShare = rows.get(Math.min(size - 1, (int) (size * (1 - settings.testShare()))))
                .eventTimeMs();
        long testFrom = Math.max(newestShare, newestDates(all, settings.testDays()));
        return new Slices(
                fitFrom,
                testFrom - settings.labelDelay().toMillis(),
                newestDates(all.between(fitFrom, testFrom), settings.calibrationDays()),
                testFrom);
    }

    /** Where the newest dates (UTC) with rows begin, so many of them; far in the past for 0, and where there are no more. */
    private static long newestDates(HashedRows.Sample sample, int dates) {
        List<HashedRows.Row> rows = sample.rows();
        long oldest = Long.MAX_VALUE;
        int found = 0;
        for (int i = rows.size() - 1; i >= 0 && dates > 0; i--) {
            long date = Math.floorDiv(rows.get(i).eventTimeMs(), DAY_MS);
            if (date < oldest) {
                if (found == dates) {
                    return oldest * DAY_MS;
                }
                oldest = date;
                found++;
            }
        }
        return Long.MIN_VALUE;
    }
}
