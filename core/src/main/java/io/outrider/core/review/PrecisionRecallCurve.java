package io.outrider.core.review;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Precision and recall at every threshold, from labelled transactions of which each stands for many: alerts for those that have no
 * label yet, those of the review sample for all that raised no alert. Horvitz–Thompson weights make it an estimate for all
 * transactions. For one thread.
 */
public final class PrecisionRecallCurve {

    private static final int MOST_POINTS = 60;

    private final List<Scored> scored = new ArrayList<>();

    private record Scored(double score, boolean fraud, double weight) {}

    /**
     * At a threshold.
     *
     * @param threshold a score; what is at or above it would be an alert
     */
    public record Point(double threshold, double precision, double recall) {}

    /**
     * Takes a labelled transaction.
     *
     * @param weight how many it stands for
     */
    public void add(double score, boolean fraud, double weight) {
        scored.add(new Scored(score, fraud, weight));
    }

    /** From the highest threshold to the lowest, at most sixty; none without fraud. */
    public List<Point> points() {
        scored.sort(Comparator.comparingDouble(Scored::score).reversed());
        double all = scored.stream()
                .filter(Scored::fraud)
                .mapToDouble(Scored::weight)
                .sum();
        List<Point> points = new ArrayList<>();
        double fraud = 0;
        double total = 0;
        for (int i = 0; i < scored.size() && all > 0; i++) {
            Scored each = scored.get(i);
            total += each.weight();
            fraud += each.fraud() ? each.weight() : 0;
            if (i + 1 == scored.size() || scored.get(i + 1).score() < each.score()) {
                points.add(new Point(each.score(), fraud / total, fraud / all));
            }
        }
        return thinned(points);
    }

    private static List<Point> thinned(List<Point> points) {
        if (points.size() <= MOST_POINTS) {
            return points;
        }
        List<Point> thinned = new ArrayList<>();
        for (int i = 0; i < MOST_POINTS; i++) {
            thinned.add(points.get((int) ((long) i * (points.size() - 1) / (MOST_POINTS - 1))));
        }
        return thinned;
    }
}
