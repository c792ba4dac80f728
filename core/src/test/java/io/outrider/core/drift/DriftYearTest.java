package io.outrider.core.drift;

import static io.outrider.core.drift.DriftFixture.DETECTOR;
import static io.outrider.core.drift.DriftFixture.old;
import static io.outrider.core.drift.DriftYear.DAY;
import static io.outrider.core.drift.DriftYear.WEEK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A year, looked at every hour, of one size for false alarms and for what must be found. */
class DriftYearTest {

    private final DriftYear year = new DriftYear();
    private final List<DriftCounts> hours = new ArrayList<>();
    private final Map<Long, DriftCounts> days = new HashMap<>();

    @Test
    void aYearOfHourlyLooksRaisesAtMostOneFalseAlarmInFourWeeksAndAmountsTenPercentHigherAreFoundWithinADay() {
        boolean before = false;
        List<String> alarms = new ArrayList<>();
        int shifts = 0;
        for (int hour = 0; hour < 52 * WEEK; hour++) {
            hours.add(year.hour(hour, 1));
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
                DriftCounts dearer = DriftCounts.none(year.reference());
                for (int i = 1; i <= DAY; i++) {
                    dearer = dearer.plus(year.hour(hour + i, 1.1));
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
        return DETECTOR.test(year.columns(), old(now), weeks, old(DriftCounts.of(year.reference())))
                .drifted();
    }

    private DriftCounts day(DriftWindow window) {
        return days.computeIfAbsent(window.endHour(), end -> {
            DriftCounts sum = DriftCounts.none(year.reference());
            for (long hour = window.firstHour(); hour < end; hour++) {
                sum = sum.plus(hours.get((int) hour));
            }
            return sum;
        });
    }
}
