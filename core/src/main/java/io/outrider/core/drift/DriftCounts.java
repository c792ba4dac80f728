package io.outrider.core.drift;

import io.outrider.core.model.Histogram;
import io.outrider.core.model.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How features, score and fields were distributed over some time, in the bins of one model's reference. Sums of nodes and hours
 * are counts again.
 *
 * @param events how many were counted
 * @param columns the reference's features in order, then its score; of each its bins, and last those that were missing
 * @param fields the event's own fields, by name
 */
public record DriftCounts(long events, List<long[]> columns, Map<String, Field> fields) {

    /** Nothing counted, of fields only; see {@link #withoutColumns}. */
    public static final DriftCounts NO_FIELDS = new DriftCounts(0, List.of(), Map.of());

    public DriftCounts {
        columns = List.copyOf(columns);
        fields = Map.copyOf(fields);
    }

    /**
     * A field of events.
     *
     * @param present events that carry it
     * @param values how often each value came; empty for a field of too many
     */
    public record Field(long present, Map<String, Long> values) {

        /** A field of more values than this is none of categories. */
        static final int MOST_VALUES = 50;

        public Field {
            values = Map.copyOf(values);
        }

        /** Of too many values is also the sum with one that is, and of two that are together: a part of the values would pass for all. */
        Field plus(Field other) {
            Map<String, Long> sum = new TreeMap<>();
            if (!hasTooMany() && !other.hasTooMany()) {
                sum.putAll(values);
                other.values.forEach((value, count) -> sum.merge(value, count, Long::sum));
            }
            return new Field(present + other.present, sum.size() > MOST_VALUES ? Map.of() : sum);
        }

        private boolean hasTooMany() {
            return present > 0 && values.isEmpty();
        }
    }

    /** Nothing counted, in the bins of a reference. */
    public static DriftCounts none(Reference reference) {
        return new DriftCounts(
                0,
                columns(reference).stream()
                        .map(column -> new long[column.counts().length + 1])
                        .toList(),
                Map.of());
    }

    /** What was counted when the model was made. It knows nothing of fields. */
    public static DriftCounts of(Reference reference) {
        List<long[]> all = new ArrayList<>();
        for (Histogram column : columns(reference)) {
            long[] counts = Arrays.copyOf(column.counts(), column.counts().length + 1);
            counts[counts.length - 1] = column.missing();
            all.add(counts);
        }
        return new DriftCounts(reference.rows(), all, Map.of());
    }

    /** The counts as histograms, in the order of the columns; of the reference that they were counted for. */
    public List<Histogram> histograms(Reference reference) {
        List<Histogram> shapes = columns(reference);
        List<Histogram> all = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            long[] counts = columns.get(i);
            Histogram shape = shapes.get(i);
            all.add(new Histogram(
                    shape.name(), shape.edges(), Arrays.copyOf(counts, counts.length - 1), counts[counts.length - 1]));
        }
        return all;
    }

    /** Events and fields only, which are counted alike whatever model decides; such counts of all models add up. */
    public DriftCounts withoutColumns() {
        return new DriftCounts(events, List.of(), fields);
    }

    static List<Histogram> columns(Reference reference) {
        List<Histogram> columns = new ArrayList<>(reference.features());
        columns.add(reference.score());
        return columns;
    }

    /** Both together; of the same reference. */
    public DriftCounts plus(DriftCounts other) {
        if (columns.size() != other.columns.size()) {
            throw new IllegalArgumentException(
                    "counts of " + columns.size() + " and " + other.columns.size() + " columns");
        }
        List<long[]> sums = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            long[] a = columns.get(i);
            long[] b = other.columns.get(i);
            if (a.length != b.length) {
                throw new IllegalArgumentException("column " + i + " has " + a.length + " and " + b.length + " bins");
            }
            long[] sum = new long[a.length];
            Arrays.setAll(sum, k -> a[k] + b[k]);
            sums.add(sum);
        }
        Map<String, Field> all = new TreeMap<>(fields);
        other.fields.forEach((name, field) -> all.merge(name, field, Field::plus));
        return new DriftCounts(events + other.events, sums, all);
    }
}
