package io.outrider.training.run;

import io.outrider.core.pace.Pace;
import io.outrider.training.evaluation.Ranking;
import io.outrider.training.fit.HashedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks for features that nothing can be learnt from, and for those that give the label away. */
final class FeatureCheck {

    private final List<String> names;
    private final Pace pace;

    FeatureCheck(List<String> names, Pace pace) {
        this.names = names;
        this.pace = pace;
    }

    /** Features that have the same value in all rows, or none in any. */
    List<String> constant(List<HashedRows.Row> rows) {
        boolean[] varies = new boolean[names.size()];
        for (HashedRows.Row row : rows) {
            double[] first = rows.get(0).vector();
            for (int column = 0; column < varies.length; column++) {
                varies[column] |= Double.compare(row.vector()[column] + 0.0, first[column] + 0.0) != 0; // 0 is -0
            }
            pace.step();
        }
        List<String> constant = new ArrayList<>();
        for (int column = 0; column < varies.length; column++) {
            if (!varies[column]) {
                constant.add(names.get(column));
            }
        }
        return constant;
    }

    /** One sentence for each feature that alone ranks frauds at least so well, in either direction, missing values on either side. */
    List<String> leaks(List<HashedRows.Row> genuine, List<HashedRows.Row> frauds, double most) {
        List<String> leaks = new ArrayList<>();
        if (genuine.isEmpty() || frauds.isEmpty() || most >= 1) {
            return leaks;
        }
        for (int column = 0; column < names.size(); column++) {
            double auc = Math.max(
                    separation(genuine, frauds, column, -Double.MAX_VALUE),
                    separation(genuine, frauds, column, Double.MAX_VALUE));
            if (auc >= most) {
                leaks.add(String.format(
                        Locale.ROOT,
                        "feature %s alone tells frauds from genuine ones (AUC %.4f, at most %s may be): it leaks the label",
                        names.get(column),
                        auc,
                        most));
            }
        }
        return leaks;
    }

    private double separation(
            List<HashedRows.Row> genuine, List<HashedRows.Row> frauds, int column, double forMissing) {
        double[] values = new double[genuine.size() + frauds.size()];
        boolean[] labels = new boolean[values.length];
        int size = 0;
        for (HashedRows.Row row : genuine) {
            values[size++] = value(row, column, forMissing);
        }
        for (HashedRows.Row row : frauds) {
            labels[size] = true;
            values[size++] = value(row, column, forMissing);
        }
        double auc = Ranking.of(values, labels).auc();
        pace.step();
        return Math.max(auc, 1 - auc);
    }

    private static double value(HashedRows.Row row, int column, double forMissing) {
        double value = row.vector()[column];
        return Double.isNaN(value) ? forMissing : value;
    }
}
