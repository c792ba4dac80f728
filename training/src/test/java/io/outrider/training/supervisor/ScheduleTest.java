package io.outrider.training.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Instant at(String time) {
        return Instant.parse(time);
    }

    /** The firings after one moment and before another. */
    private static List<String> firings(Schedule schedule, String after, String before) {
        List<String> firings = new ArrayList<>();
        Optional<Instant> next = schedule.next(at(after));
        while (next.isPresent() && next.get().isBefore(at(before))) {
            firings.add(next.get().toString());
            next = schedule.next(next.get());
        }
        return firings;
    }

    @Test
    void firesAtTheLocalTimeOfItsZone() {
        Schedule nightly = new Schedule("30 3 * * *", BERLIN);
        assertThat(firings(nightly, "2026-01-10T00:00:00Z", "2026-01-12T00:00:00Z"))
                .containsExactly("2026-01-10T02:30:00Z", "2026-01-11T02:30:00Z");
        assertThat(firings(nightly, "2026-07-10T00:00:00Z", "2026-07-11T00:00:00Z"))
                .containsExactly("2026-07-10T01:30:00Z");
    }

    @Test
    void aTimeThatIsLeftOutInSpringFiresOnceAllTheSame() {
        Schedule nightly = new Schedule("30 2 * * *", BERLIN); // 29 March 2026: 2:00 becomes 3:00
        assertThat(firings(nightly, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void aTimeThatComesTwiceInAutumnFiresOnce() {
        Schedule nightly = new Schedule("30 2 * * *", BERLIN); // 25 October 2026: 3:00 becomes 2:00
        assertThat(firings(nightly, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z"))
                .containsExactly("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void anHourlyScheduleFiresEveryHourWhateverClocksDo() {
        Schedule hourly = new Schedule("7 * * * *", BERLIN);
        assertThat(firings(hourly, "2026-03-29T00:00:00Z", "2026-03-29T04:00:00Z"))
                .containsExactly(
                        "2026-03-29T00:07:00Z", "2026-03-29T01:07:00Z", "2026-03-29T02:07:00Z", "2026-03-29T03:07:00Z");
        assertThat(firings(hourly, "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z"))
                .containsExactly(
                        "2026-10-24T23:07:00Z", "2026-10-25T00:07:00Z", "2026-10-25T01:07:00Z", "2026-10-25T02:07:00Z");
    }

    @Test
    void whatHasFiredSinceIsCountedAndTheNewestNamed() {
        Schedule quarterly = new Schedule("*/15 * * * *", ZoneId.of("UTC"));
        Instant since = at("2026-03-01T10:00:00Z");
        assertThat(quarterly.due(since, at("2026-03-01T10:14:59Z"))).isEmpty();
        assertThat(quarterly.due(since, at("2026-03-01T10:15:00Z")))
                .contains(new Schedule.Due(at("2026-03-01T10:15:00Z"), 1));
        assertThat(quarterly.due(since, at("2026-03-01T11:20:00Z")))
                .contains(new Schedule.Due(at("2026-03-01T11:15:00Z"), 5));
    }

    @Test
    void afterAYearAwayTheNewestFiringIsStillFoundAtOnce() {
        Schedule minutely = new Schedule("* * * * *", BERLIN);
        assertThat(minutely.due(at("2025-03-01T10:00:00Z"), at("2026-03-01T10:00:30Z")))
                .contains(new Schedule.Due(at("2026-03-01T10:00:00Z"), 1_000));
        assertThat(minutely.due(at("2025-03-01T10:00:00Z"), at("2026-03-01T10:00:00Z")))
                .contains(new Schedule.Due(at("2026-03-01T10:00:00Z"), 1_000));
    }

    @Test
    void aDayThatNeverComesNeverFires() {
        Schedule never = new Schedule("0 0 30 2 *", ZoneId.of("UTC"));
        assertThat(never.due(at("2020-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "* * * *", "61 * * * *", "* * * * * *", "0 3 * * mo", "every day"})
    void whatIsNoScheduleIsRefused(String text) {
        assertThatThrownBy(() -> new Schedule(text, BERLIN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 100)
    void lookedAtAsOftenAsYouLikeItFiresTheSame(
            @ForAll @IntRange(max = 59) int minute,
            @ForAll("hours") String hours,
            @ForAll @LongRange(min = 600, max = 100_000) long step) {
        Schedule schedule = new Schedule(minute + " " + hours + " * * *", BERLIN);
        Instant start = at("2026-03-28T00:00:00Z");
        Instant end = start.plus(Duration.ofDays(2));
        List<Instant> inOneLook = new ArrayList<>();
        for (Optional<Instant> next = schedule.next(start);
                next.isPresent() && !next.get().isAfter(end);
                next = schedule.next(next.get())) {
            inOneLook.add(next.get());
        }
        int counted = 0;
        Instant seen = start;
        for (Instant now = start; !seen.equals(end) && counted <= inOneLook.size(); now = now.plusSeconds(step)) {
            Instant look = now.isAfter(end) ? end : now;
            Optional<Schedule.Due> due = schedule.due(seen, look);
            if (due.isPresent()) {
                counted += due.get().firings();
                seen = due.get().at();
            }
            if (look.equals(end)) {
                break;
            }
        }
        assertThat(inOneLook).isSorted().doesNotHaveDuplicates();
        assertThat(counted).isEqualTo(inOneLook.size());
    }

    @Provide
    Arbitrary<String> hours() {
        return Arbitraries.of("*", "*/2", "*/5", "1", "2", "3", "1-3", "2,14");
    }
}
