package io.outrider.training.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.backtest.BacktestResult;
import io.outrider.training.dataset.DataFile;
import io.outrider.training.dataset.DatasetManifest;
import io.outrider.training.dataset.DatasetOrigin;
import io.outrider.training.dataset.LabelShare;
import io.outrider.training.dataset.Quality;
import io.outrider.training.dataset.QualityGate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DayCountsTest {

    private static List<BacktestResult.Day> days(long... alerts) {
        List<BacktestResult.Day> days = new ArrayList<>();
        for (long count : alerts) {
            days.add(new BacktestResult.Day("2026-03-" + (days.size() + 10), 1_000, count, 0, count / 5, 0));
        }
        return days;
    }

    @Test
    void calmDaysScatterAtLeastAsACountDoes() {
        BacktestResult.Predicted alerts = DayCounts.alerts(days(25, 25, 25, 25, 25));
        assertThat(alerts.mean()).isEqualTo(25);
        assertThat(alerts.high() - 25).isCloseTo(2.776 * 5 * Math.sqrt(1.2), within(1e-9));
        assertThat(DayCounts.rate(days(25, 25, 25, 25, 25)).mean()).isEqualTo(0.025);
        assertThat(DayCounts.alerts(days(0, 0, 1)).low()).isZero();
        assertThat(DayCounts.episodes(days(25, 25, 25, 25, 25)).mean()).isEqualTo(5);
    }

    @Test
    void aDayToComeLiesInTheIntervalAboutAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(3);
        int held = 0;
        int trials = 2_000;
        for (int trial = 0; trial < trials; trial++) {
            long[] counts = new long[13];
            for (int day = 0; day < counts.length; day++) {
                for (int event = 0; event < 1_000; event++) {
                    counts[day] += random.nextInt(50) == 0 ? 1 : 0;
                }
            }
            long next = counts[12];
            BacktestResult.Predicted predicted = DayCounts.alerts(days(Arrays.copyOf(counts, 12)));
            held += next >= predicted.low() && next <= predicted.high() ? 1 : 0;
        }
        assertThat(held / (double) trials).isBetween(0.93, 0.995);
    }

    @Test
    void fewDaysThatDifferMuchGiveAsWideAnIntervalAsTheyMust() {
        SplittableRandom random = new SplittableRandom(4);
        int held = 0;
        int trials = 4_000;
        for (int trial = 0; trial < trials; trial++) {
            long[] counts = new long[6];
            for (int day = 0; day < counts.length; day++) {
                counts[day] = Math.max(0, Math.round(1_000 + 200 * random.nextGaussian()));
            }
            BacktestResult.Predicted predicted = DayCounts.alerts(days(Arrays.copyOf(counts, 5)));
            held += counts[5] >= predicted.low() && counts[5] <= predicted.high() ? 1 : 0;
        }
        assertThat(held / (double) trials).isBetween(0.94, 0.96);
    }

    @Test
    void oneDayIsTakenForACountAndTheQuantilesGoOnWhereTheTableEnds() {
        assertThat(DayCounts.alerts(days(25)).high() - 25).isCloseTo(1.96 * 5 * Math.sqrt(2), within(1e-9));
        assertThat(StudentT.quantile975(31)).isCloseTo(2.0395, within(1e-4));
        assertThat(StudentT.quantile975(100)).isCloseTo(1.9840, within(1e-4));
    }

    @Test
    void theDatasetsFirstAndLastDayAreLeftOutWhereThereAreEnoughAndNamed() {
        List<BacktestResult.Day> days = days(1, 20, 21, 22, 3);
        DatasetManifest same = dataset("2026-03-10", "2026-03-12", "2026-03-14");
        assertThat(DayCounts.whole(days, same))
                .extracting(BacktestResult.Day::date)
                .containsExactly("2026-03-11", "2026-03-12", "2026-03-13");
        assertThat(DayCounts.note(days, same))
                .isEqualTo(
                        "the mean and the interval for a day to come are of the other 3 days: at 2026-03-10 and 2026-03-14 the"
                                + " dataset begins or ends, so that they may be incomplete");
        assertThat(DayCounts.whole(days(1, 20, 3), same)).hasSize(3);
        assertThat(DayCounts.note(days(1, 20, 3), same))
                .isEqualTo("the mean and the interval for a day to come are of all 3 days, too few to leave any out: at"
                        + " 2026-03-10 the dataset begins or ends, so that it may be incomplete");
    }

    @Test
    void wholeDaysThatWereAskedForAllCount() {
        List<BacktestResult.Day> days = days(61, 36, 34, 68, 44, 62, 58, 32);
        DatasetManifest longer = dataset("2026-03-01", "2026-03-31");
        assertThat(DayCounts.whole(days, longer)).isEqualTo(days);
        assertThat(DayCounts.note(days, longer)).isEmpty();
    }

    private static DatasetManifest dataset(String... dates) {
        List<DataFile> files = Arrays.stream(dates)
                .map(date -> new DataFile(date, date, 0, 1, 1, ""))
                .toList();
        return new DatasetManifest(
                DatasetManifest.FORMAT,
                "transactions",
                1,
                "2026-04-01T00:00:00Z",
                new DatasetOrigin("made/up", "g1", 1, "murmur2", "transactions", "f", DatasetOrigin.UNKNOWN, ""),
                List.of(),
                List.of(),
                files,
                LabelShare.NONE,
                null,
                Quality.NONE,
                Quality.NONE,
                new QualityGate.Verdict(true, List.of()));
    }
}
