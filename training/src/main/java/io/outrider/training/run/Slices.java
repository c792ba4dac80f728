package io.outrider.training.run;

import io.outrider.training.fit.HashedRows;
import java.util.List;

/**
 * Where a dataset is cut, by event time: what is older than {@code fitFromMs} is left out, since everything is unusual for an
 * account that nothing is known of; up to {@code testFromMs} the model is fitted and calibrated; the rest tests it. Cut by
 * rows and not by days, so that one event with a wild time moves nothing.
 *
 * @param fitFromMs milliseconds since the epoch
 * @param knownUntilMs labels of events before are known when the model is fitted
 * @param testFromMs milliseconds since the epoch
 */
record Slices(long fitFromMs, long knownUntilMs, long testFromMs) {

    static Slices of(HashedRows.Sample all, RunSettings settings) {
        List<HashedRows.Row> rows = all.rows();
        int size = rows.size();
        long fitFrom = rows.get((int) (size * settings.warmingShare())).eventTimeMs();
        long testFrom = rows.get(Math.min(size - 1, (int) (size * (1 - settings.testShare()))))
                .eventTimeMs();
        return new Slices(fitFrom, testFrom - settings.labelDelay().toMillis(), testFrom);
    }
}
