package io.outrider.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.feature.Feature.Memory;
import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.Histogram;
import io.outrider.core.model.Reference;
import io.outrider.core.model.SplitMix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A year, looked at every hour, of one size for false alarms and for what must be found: hours and weekdays differ, and over the year
 * volume moves by 20% either way, amounts by 8%, the busiest hour by one, payments abroad by half.
 */
class DriftYearTest {

    private static final List<String> NAMES =
            List.of("log_amount", "z", "count_1h", "merchant_age", "abroad", "hour", "night", "raw_score");
    private static final int HOUR = NAMES.indexOf("hour");
    private static final List<Watched> COLUMNS =
            NAMES.stream().map(name -> new Watched(name, Memory.NONE)).toList();

    /** Counted on a mean day, one in four of all. */
    private static final int EVENTS = 40_000;

    private static final int ACCOUNTS = 20_000;
    private static final int DAY = 24;
    private static final int WEEK = 7 * DAY;
    private static final DriftDetector DETECTOR = new DriftDetector(0.01, 0.02, 0.1, 1_000);

    private final SplitMix random = new SplitMix(1);
    private final double[] normal = new double[1 << 16];
    private final double[] exponential = new double[1 << 16];
    private final double[] levels = new double[1 << 16];
    private final Reference reference;
    private final List<Histogram> bins;
    private final List<DriftCounts> hours = new ArrayList<>();
    private final Map<Long, DriftCounts> days = new HashMap<>();

    DriftYearTest() {
        Arrays.setAll(
                normal,
                i -> Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                        * StrictMath.cos(2 * Math.PI * random.nextDouble()));
        Arrays.setAll(exponential, i -> -StrictMath.log(1 - random.nextDouble()));
        double[] accounts = new double[ACCOUNTS];
        Arrays.setAll(accounts, i -> 3 + any(normal));
        Arrays.setAll(levels, i -> accounts[(int) (ACCOUNTS * random.nextDouble() * random.nextDouble())]);
        FeatureMatrix rows = new FeatureMatrix(NAMES.size() - 1);
        List<Double> scores = new ArrayList<>();
        for (int hour = -4 * WEEK; hour < 0; hour++) {
            Hour of = new Hour(hour, 1);
            for (int i = 0; i < of.volume() / 100; i++) {
                double[] vector = of.vector();
                rows.add(Arrays.copyOf(vector, vector.length - 1));
                scores.add(vector[vector.length - 1]);
            }
        }
        reference = Reference.of(
                NAMES.subList(0, NAMES.size() - 1),
                rows,
                scores.stream().mapToDouble(Double::doubleValue).toArray());
        bins = DriftCounts.columns(reference);
    }

    @Test
    void aYearOfHourlyLooksRaisesAtMostOneFalseAlarmInFourWeeksAndAmountsTenPercentHigherAreFoundWithinADay() {
        boolean before = false;
        List<String> alarms = new ArrayList<>();
        int shifts = 0;
        for (int hour = 0; hour < 52 * WEEK; hour++) {
            hours.add(new Hour(hour, 1).counts());
            DriftWindow window = new DriftWindow(hour + 1L);
            if (window.firstHour() < 0) {
                continue;
            }
            List<String> found = look(window, day(window));
            if (!found.isEmpty() && !before) {
                alarms.add("hour " + hour + ": " + found);
            }
            before = !found.isEmpty();
            // Another weekday and another time of the day each month, from the fifth week on.
            if (hour > 5 * WEEK && hour % (31 * DAY) == shifts) {
                DriftCounts dearer = DriftCounts.none(reference);
                for (int i = 1; i <= DAY; i++) {
                    dearer = dearer.plus(new Hour(hour + i, 1.1).counts());
                }
                assertThat(look(window.daysBefore(-1), dearer))
                        .as("amounts 10%% higher from hour %d on", hour)
                        .contains("log_amount");
                shifts++;
            }
        }
        System.out.println("false alarms in 52 weeks of hourly looks without change: " + alarms);
        assertThat(shifts).isGreaterThanOrEqualTo(10);
        assertThat(alarms).hasSizeLessThanOrEqualTo(52 / 4);
    }

    private List<String> look(DriftWindow window, DriftCounts now) {
        List<Period> weeks = new ArrayList<>();
        for (int week = 1; week <= 4 && window.daysBefore(7 * week).firstHour() >= 0; week++) {
            weeks.add(old(day(window.daysBefore(7 * week))));
        }
        return DETECTOR.test(COLUMNS, old(now), weeks, old(DriftCounts.of(reference)))
                .drifted();
    }

    private static Period old(DriftCounts counts) {
        return new Period(counts, Long.MAX_VALUE);
    }

    private DriftCounts day(DriftWindow window) {
        return days.computeIfAbsent(window.endHour(), end -> {
            DriftCounts sum = DriftCounts.none(reference);
            for (long hour = window.firstHour(); hour < end; hour++) {
                sum = sum.plus(hours.get((int) hour));
            }
            return sum;
        });
    }

    private double any(double[] sample) {
        return sample[random.nextInt(sample.length)];
    }

    /** The world in an hour. */
    private final class Hour {

        private final double ofDay;
        private final double activity;
        private final double volume;
        private final double shift;
        private final double abroad;

        Hour(int hour, double amountFactor) {
            double season = StrictMath.sin(hour * 2 * Math.PI / (365 * DAY));
            double seasonOfHours = StrictMath.cos(hour * 2 * Math.PI / (365 * DAY));
            boolean weekend = Math.floorMod(Math.floorDiv(hour, DAY), 7) >= 5;
            ofDay = Math.floorMod(hour, DAY);
            double off = ofDay - (weekend ? 16 : 14) - seasonOfHours;
            off -= DAY * Math.rint(off / DAY);
            activity = 0.25 + 2 * StrictMath.exp(-off * off / 32);
            volume = EVENTS / 26.0 * activity * (weekend ? 0.7 : 1) * (1 + 0.2 * season);
            shift = StrictMath.log(amountFactor) + (weekend ? 0.14 : 0) + 0.08 * season;
            abroad = 0.05 * (1 + 0.5 * season);
        }

        double volume() {
            return volume;
        }

        double[] vector() {
            long drawn = random.nextLong(); // for three columns, since this is drawn by the million
            double level = levels[(int) (drawn & 0xFFFF)];
            double z = normal[(int) (drawn >>> 16 & 0xFFFF)];
            double count = Math.rint((4 + 2 * activity) * exponential[(int) (drawn >>> 32 & 0xFFFF)]);
            double age = random.nextInt(10) == 0 ? Double.NaN : random.nextDouble();
            double isAbroad = random.nextDouble() < abroad ? 1 : 0;
            double night = ofDay < 6 ? 1 : 0;
            return new double[] {
                level + 0.5 * z + shift, z, count, age, isAbroad, ofDay, night, Math.abs(z) + night + isAbroad
            };
        }

        DriftCounts counts() {
            int events = (int) Math.round(volume + Math.sqrt(volume) * any(normal));
            List<long[]> columns = DriftCounts.none(reference).columns();
            columns.get(HOUR)[bins.get(HOUR).bin(ofDay)] = events;
            for (int i = 0; i < events; i++) {
                double[] vector = vector();
                for (int column = 0; column < vector.length; column += column == HOUR - 1 ? 2 : 1) {
                    long[] counts = columns.get(column);
                    double value = vector[column];
                    counts[
                            Double.isNaN(value)
                                    ? counts.length - 1
                                    : bins.get(column).bin(value)]++;
                }
            }
            return new DriftCounts(events, columns, Map.of());
        }
    }
}
