package io.outrider.core.rollout;

import io.outrider.core.rollout.RolloutCounts.Shadow;

/**
 * How a challenger compares with the champion, on the transactions that that decided.
 *
 * @param events scored by both
 * @param both alerts under both
 * @param decidedOnly alerts under the champion alone
 * @param challengerOnly alerts under the challenger alone
 * @param overlap alerts under both, as a share of those under either; NaN without alerts
 * @param rankCorrelation Spearman's, between the two scores, from binned ranks; NaN where one score is constant
 * @param decidedScores of the champion, by {@link ScoreBins}
 * @param challengerScores the challenger's
 */
public record ShadowReport(
        long events,
        long both,
        long decidedOnly,
        long challengerOnly,
        double overlap,
        double rankCorrelation,
        long[] decidedScores,
        long[] challengerScores) {

    /** Nothing counted yet. */
    public static ShadowReport none() {
        return of(new Shadow(0, 0, 0, new long[ScoreBins.COUNT * ScoreBins.COUNT]));
    }

    /** Reads the report off what was counted. */
    public static ShadowReport of(Shadow shadow) {
        int bins = ScoreBins.COUNT;
        long[] rows = new long[bins];
        long[] columns = new long[bins];
        for (int i = 0; i < bins; i++) {
            for (int j = 0; j < bins; j++) {
                rows[i] += shadow.joint()[i * bins + j];
                columns[j] += shadow.joint()[i * bins + j];
            }
        }
        long either = shadow.both() + shadow.decidedOnly() + shadow.challengerOnly();
        return new ShadowReport(
                shadow.events(),
                shadow.both(),
                shadow.decidedOnly(),
                shadow.challengerOnly(),
                either == 0 ? Double.NaN : shadow.both() / (double) either,
                correlation(shadow.joint(), ranks(rows), ranks(columns)),
                rows,
                columns);
    }

    /** Alerts the challenger would have raised. */
    public long challengerAlerts() {
        return both + challengerOnly;
    }

    /** The mean rank of each bin's members, as a share of all: all of a bin are ties. */
    private static double[] ranks(long[] counts) {
        double[] ranks = new double[counts.length];
        double below = 0;
        for (int i = 0; i < counts.length; i++) {
            ranks[i] = below + counts[i] / 2.0;
            below += counts[i];
        }
        for (int i = 0; i < counts.length; i++) {
            ranks[i] = below == 0 ? 0 : ranks[i] / below - 0.5; // the mean rank is a half
        }
        return ranks;
    }

    private static double correlation(long[] joint, double[] rows, double[] columns) {
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                double weight = joint[i * columns.length + j];
                xy += weight * rows[i] * columns[j];
                xx += weight * rows[i] * rows[i];
                yy += weight * columns[j] * columns[j];
            }
        }
        return xx == 0 || yy == 0 ? Double.NaN : xy / Math.sqrt(xx * yy);
    }
}
