package io.outrider.core.drift;

import static io.outrider.core.drift.DriftFixture.gauss;
import static io.outrider.core.drift.DriftFixture.isWeekend;

import io.outrider.core.model.Histogram;
import io.outrider.core.model.Reference;
import io.outrider.core.model.SplitMix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A world whose hours and weekdays differ, and where over the year volume moves by 20% either way, amounts by 8%, the busiest hour
 * by one, payments abroad by half. The counts of an hour are drawn at once, as those of so many independent events; and columns
 * independently of one another, which raises no fewer false alarms than columns that move together.
 */
final class DriftYear {

    static final int DAY = 24;
    static final int WEEK = 7 * DAY;

    /** Counted on a mean day, one in four of all. */
    private static final int EVENTS = 40_000;

    private static final int ACCOUNTS = 20_000;
    private static final int SAMPLE = 1 << 16;

    /** A binomial count of which fewer are expected is drawn one by one; one of more is as good as normal. */
    private static final int FEW = 10;

    private final SplitMix random = new SplitMix(1);
    private final double[] amounts = new double[SAMPLE];
    private final double[] normal = new double[SAMPLE];
    private final double[] distances = new double[SAMPLE];
    private final List<Column> columns;
    private final Reference reference;

    DriftYear() {
        double[] accounts = new double[ACCOUNTS];
        Arrays.setAll(accounts, i -> 3 + gauss(random));
        for (int i = 0; i < SAMPLE; i++) {
            normal[i] = gauss(random);
            amounts[i] = accounts[(int) (ACCOUNTS * random.nextDouble() * random.nextDouble())] + 0.5 * normal[i];
            distances[i] = Math.abs(normal[i]);
        }
        for (double[] sample : List.of(amounts, normal, distances)) {
            Arrays.sort(sample);
        }
        double[] twentieths = IntStream.range(1, 20).mapToDouble(i -> i / 20.0).toArray();
        columns = List.of(
                new Column("log_amount", quantiles(amounts), 0, (hour, x) -> share(amounts, x - hour.shift)),
                new Column("z", quantiles(normal), 0, (hour, x) -> share(normal, x)),
                new Column("count_1h", whole(1, 20), 0, (hour, x) -> 1 - StrictMath.exp((0.5 - x) / hour.meanCount)),
                new Column("merchant_age", twentieths, 0.1, (hour, x) -> x),
                new Column("abroad", whole(1, 2), 0, (hour, x) -> 1 - hour.abroad),
                new Column("hour", whole(5, DAY), 0, (hour, x) -> hour.ofDay < x ? 1 : 0),
                new Column("night", whole(1, 2), 0, (hour, x) -> 1 - hour.night),
                new Column(
                        Reference.SCORE,
                        quantiles(distances),
                        0,
                        (hour, x) -> (1 - hour.abroad) * share(distances, x - hour.night)
                                + hour.abroad * share(distances, x - hour.night - 1)));
        List<Histogram> before = columns.stream().map(this::before).toList();
        Histogram score = before.get(before.size() - 1);
        reference = new Reference(Reference.VERSION, score.present(), score, before.subList(0, before.size() - 1));
    }

    List<Watched> columns() {
        return DriftFixture.columns(columns.stream().map(Column::name).toList());
    }

    /** Of one in a hundred events of the four weeks before the year. */
    Reference reference() {
        return reference;
    }

    /** What is counted in an hour of the year in which amounts are so many times what they would be. */
    DriftCounts hour(int hour, double amountFactor) {
        Hour of = new Hour(hour, amountFactor);
        long events = Math.round(of.volume + Math.sqrt(of.volume) * gauss(random));
        return new DriftCounts(
                events, columns.stream().map(column -> draw(column, of, events)).toList(), Map.of());
    }

    private Histogram before(Column column) {
        long[] sum = new long[column.edges.length + 2];
        for (int hour = -4 * WEEK; hour < 0; hour++) {
            Hour of = new Hour(hour, 1);
            long[] counts = draw(column, of, (long) of.volume / 100);
            Arrays.setAll(sum, i -> sum[i] + counts[i]);
        }
        int bins = sum.length - 1;
        return new Histogram(column.name, column.edges, Arrays.copyOf(sum, bins), sum[bins]);
    }

    /** The column's bins, and last the values that are missing. */
    private long[] draw(Column column, Hour hour, long events) {
        int bins = column.edges.length + 1;
        long[] counts = new long[bins + 1];
        counts[bins] = binomial(events, column.missing);
        long left = events - counts[bins];
        double before = 0;
        for (int i = 0; i < bins; i++) {
            double upTo = i < column.edges.length ? column.below.share(hour, column.edges[i]) : 1;
            counts[i] = binomial(left, (upTo - before) / (1 - before));
            left -= counts[i];
            before = upTo;
        }
        return counts;
    }

    private long binomial(long trials, double chance) {
        if (trials == 0 || chance == 0) {
            return 0;
        }
        if (chance > 0.5) {
            return trials - binomial(trials, 1 - chance);
        }
        double mean = trials * chance;
        if (mean >= FEW) {
            long drawn = Math.round(mean + Math.sqrt(mean * (1 - chance)) * gauss(random));
            return Math.max(0, Math.min(trials, drawn));
        }
        double logOfNone = StrictMath.log1p(-chance);
        long count = -1;
        for (double trial = 0; trial <= trials; count++) {
            trial += 1 + Math.floor(StrictMath.log(1 - random.nextDouble()) / logOfNone);
        }
        return count;
    }

    /** Which part of an ascending sample lies below a value. */
    private static double share(double[] sample, double value) {
        int at = Arrays.binarySearch(sample, value);
        return (at < 0 ? -at - 1 : at) / (double) sample.length;
    }

    private static double[] quantiles(double[] sample) {
        return IntStream.range(1, 20)
                .mapToDouble(i -> sample[sample.length * i / 20])
                .toArray();
    }

    private static double[] whole(int from, int until) {
        return IntStream.range(from, until).asDoubleStream().toArray();
    }

    private interface Below {

        /** Which part of the hour's known values lies below a value. */
        double share(Hour hour, double value);
    }

    /** @param missing share of the values that are not known */
    private record Column(String name, double[] edges, double missing, Below below) {}

    /** The world in an hour. */
    private static final class Hour {

        private final int ofDay;
        private final double night;
        private final double volume;
        private final double shift;
        private final double meanCount;
        private final double abroad;

        Hour(int hour, double amountFactor) {
            double season = StrictMath.sin(hour * 2 * Math.PI / (365 * DAY));
            double seasonOfHours = StrictMath.cos(hour * 2 * Math.PI / (365 * DAY));
            boolean weekend = isWeekend(Math.floorDiv(hour, DAY));
            ofDay = Math.floorMod(hour, DAY);
            night = ofDay < 6 ? 1 : 0;
            double off = ofDay - (weekend ? 16 : 14) - seasonOfHours;
            off -= DAY * Math.rint(off / DAY);
            double activity = 0.25 + 2 * StrictMath.exp(-off * off / 32);
            volume = EVENTS / 26.0 * activity * (weekend ? 0.7 : 1) * (1 + 0.2 * season);
            shift = StrictMath.log(amountFactor) + (weekend ? 0.14 : 0) + 0.08 * season;
            meanCount = 4 + 2 * activity;
            abroad = 0.05 * (1 + 0.5 * season);
        }
    }
}
