package io.outrider.core.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a threshold would do to labelled scores.
 *
 * @param threshold midway between the lowest score above and the highest below
 * @param alerts scores above
 * @param hits anomalies among them
 * @param anomalies anomalies in all
 */
record Cut(double threshold, int alerts, int hits, int anomalies) {

    double precision() {
        return hits / (double) alerts;
    }

    double f1() {
        return 2.0 * hits / (alerts + anomalies);
    }

    /** All cuts between different scores, the highest threshold first. */
    static List<Cut> all(double[] scores, boolean[] anomalous) {
        if (anomalous.length != scores.length) {
            throw new IllegalArgumentException(scores.length + " scores with " + anomalous.length + " labels");
        }
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int anomalies = 0;
        for (boolean label : anomalous) {
            anomalies += label ? 1 : 0;
        }
        List<Cut> cuts = new ArrayList<>();
        int hits = 0;
        for (int i = 0; i < order.length; i++) {
            hits += anomalous[order[i]] ? 1 : 0;
            double score = scores[order[i]];
            double next = i + 1 < order.length ? scores[order[i + 1]] : score - 1;
            if (next < score) {
                cuts.add(new Cut(next + (score - next) / 2, i + 1, hits, anomalies));
            }
        }
        return cuts;
    }
}
