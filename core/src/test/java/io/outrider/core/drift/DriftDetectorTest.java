package io.outrider.core.drift;

import static io.outrider.core.drift.DriftFixture.DETECTOR;
import static io.outrider.core.drift.DriftFixture.gauss;
import static io.outrider.core.drift.DriftFixture.isWeekend;
import static io.outrider.core.drift.DriftFixture.old;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.model.FeatureMatrix;
import io.outrider.core.model.Histogram;
import io.outrider.core.model.Reference;
import io.outrider.core.model.SplitMix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Days of a world of accounts that differ and weekends that are other than weekdays. A year of hours is {@link DriftYearTest}. */
class DriftDetectorTest {

    private static final List<String> NAMES = List.of("log_amount", "z", "count", "night", "merchant_age", "raw_score");
    private static final List<Watched> COLUMNS = DriftFixture.columns(NAMES);
    private static final int ACCOUNTS = 500;
    private static final FieldDetector FIELDS = new FieldDetector(1_000);

    private final SplitMix random = new SplitMix(11);
    private final double[] levels = new double[ACCOUNTS];
    private final Reference reference;
    private final List<Histogram> bins;

    private static final int EVENTS = 20_000;
    private double amountFactor = 1;
    private double silentMerchants;
    private double newDevices;

    DriftDetectorTest() {
        Arrays.setAll(levels, i -> 3 + gauss(random));
        FeatureMatrix rows = new FeatureMatrix(NAMES.size() - 1);
        List<Double> scores = new ArrayList<>();
        for (int day = -28; day < 0; day++) {
            for (int i = 0; i < 500; i++) {
                double[] vector = vector(day);
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
    void countsAreHistogramsInTheBinsOfTheReference() {
        List<Histogram> before = DriftCounts.of(reference).histograms(reference);
        assertThat(before).extracting(Histogram::name).containsExactlyElementsOf(NAMES);
        for (int i = 0; i < bins.size(); i++) {
            assertThat(before.get(i).counts()).containsExactly(bins.get(i).counts());
            assertThat(before.get(i).missing()).isEqualTo(bins.get(i).missing());
        }
        DriftCounts today = day(1);
        assertThat(DriftDetector.baseline(List.of(old(today)), old(DriftCounts.of(reference)))
                        .events())
                .as("one week is too few")
                .isEqualTo(reference.rows());
        assertThat(DriftDetector.baseline(List.of(old(today), old(today)), old(DriftCounts.of(reference)))
                        .events())
                .isEqualTo(2 * today.events());
    }

    @Test
    void amountsTenPercentHigherAreFoundWithinADayWhateverDayItIs() {
        List<DriftCounts> days = usual();
        for (int ahead = 0; ahead < 7; ahead++) {
            amountFactor = 1.1;
            DriftCounts shifted = day(days.size());
            amountFactor = 1;
            assertThat(test(days, shifted).sentences())
                    .as("day " + ahead)
                    .anySatisfy(sentence -> assertThat(sentence).startsWith("log_amount is distributed otherwise"));
            days.add(day(days.size()));
        }
    }

    @Test
    void aSilentFieldAndANewDeviceTypeAreNamedAsWhatTheyAre() {
        List<DriftCounts> days = usual();
        List<DriftCounts> weeks = List.of(days.get(28), days.get(21), days.get(14), days.get(7));
        silentMerchants = 1;
        DriftCounts silent = day(days.size());
        assertThat(FIELDS.test(silent, weeks, List.of()))
                .singleElement()
                .satisfies(sentence -> assertThat(sentence).startsWith("field merchant has gone silent: 0.0%"));
        silentMerchants = 0;
        newDevices = 0.02;
        DriftCounts glasses = day(days.size());
        assertThat(FIELDS.test(glasses, weeks, List.of()))
                .singleElement()
                .satisfies(sentence -> assertThat(sentence).startsWith("field device has a new value: glasses"));
        assertThat(test(days, glasses).sentences()).isEmpty();
    }

    @Test
    void withoutHistoryOnlyLargeShiftsFromTheReferenceAreTold() {
        DriftCounts today = day(0);
        assertThat(test(List.of(), today).baseline()).isEqualTo("the model's reference");
        assertThat(test(List.of(), today).sentences()).isEmpty();
        amountFactor = 3;
        assertThat(test(List.of(), day(0)).sentences()).isNotEmpty();
    }

    @Test
    void fewEventsTellNothing() {
        assertThat(DETECTOR.test(COLUMNS, old(DriftCounts.none(reference)), List.of(), old(DriftCounts.of(reference)))
                        .sentences())
                .isEmpty();
    }

    /** Five weeks as they usually are. */
    private List<DriftCounts> usual() {
        List<DriftCounts> days = new ArrayList<>();
        for (int day = 0; day < 35; day++) {
            days.add(day(day));
        }
        return days;
    }

    private DriftDetector.Findings test(List<DriftCounts> days, DriftCounts today) {
        List<Period> weeks = new ArrayList<>();
        for (int back = days.size() - 7; back >= 0 && weeks.size() < 4; back -= 7) {
            weeks.add(old(days.get(back)));
        }
        return DETECTOR.test(COLUMNS, old(today), weeks, old(DriftCounts.of(reference)));
    }

    private DriftCounts day(int day) {
        List<long[]> columns = new ArrayList<>(DriftCounts.none(reference).columns());
        long merchants = 0;
        Map<String, Long> devices = new TreeMap<>();
        int today = (int) (EVENTS * (isWeekend(day) ? 0.7 : 1) * (1 + 0.2 * StrictMath.sin(day * 2 * Math.PI / 365)));
        for (int i = 0; i < today; i++) {
            double[] vector = vector(day);
            for (int column = 0; column < vector.length; column++) {
                long[] counts = columns.get(column);
                double value = vector[column];
                counts[
                        Double.isNaN(value)
                                ? counts.length - 1
                                : bins.get(column).bin(value)]++;
            }
            merchants += random.nextDouble() < 0.9 * (1 - silentMerchants) ? 1 : 0;
            String device =
                    random.nextDouble() < newDevices ? "glasses" : random.nextInt(3) == 0 ? "desktop" : "mobile";
            devices.merge(device, 1L, Long::sum);
        }
        return new DriftCounts(
                today,
                columns,
                Map.of(
                        "merchant", new DriftCounts.Field(merchants, Map.of()),
                        "device", new DriftCounts.Field(today, devices)));
    }

    /** Accounts have their own levels; at weekends amounts are 15% higher and nights more frequent. */
    private double[] vector(int day) {
        double level = levels[(int) (ACCOUNTS * random.nextDouble() * random.nextDouble())];
        double z = gauss(random);
        double amount = level + 0.5 * z + StrictMath.log(amountFactor) + (isWeekend(day) ? StrictMath.log(1.15) : 0);
        double night = random.nextDouble() < (isWeekend(day) ? 0.3 : 0.2) ? 1 : 0;
        double count = Math.rint(-8 * StrictMath.log(1 - random.nextDouble()));
        double age = random.nextInt(10) == 0 ? Double.NaN : random.nextDouble();
        return new double[] {amount, z, count, night, age, Math.abs(z) + night};
    }
}
