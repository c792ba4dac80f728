package io.outrider.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Days of ten thousand events, each with a merchant and a device. */
class FieldDetectorTest {

    private static final FieldDetector DETECTOR = new FieldDetector(1_000);
    private static final long EVENTS = 10_000;
    private static final DriftCounts USUAL = day(9_000, 0);

    @Test
    void withoutTwoWeeksTheDaysBeforeAreWhatADayIsComparedWith() {
        assertThat(DETECTOR.test(day(0, 0), List.of(USUAL), List.of())).isEmpty();
        assertThat(DETECTOR.test(day(0, 0), List.of(USUAL), List.of(USUAL)))
                .containsExactly(
                        "field merchant has gone silent: 0.0% of the events carry it, where 90.0% did, against the"
                                + " day before");
        assertThat(DETECTOR.test(day(9_000, 400), List.of(), List.of(USUAL, USUAL)))
                .containsExactly("field device has a new value: glasses, 400 times, against 2 days before");
        assertThat(DETECTOR.test(USUAL, List.of(), List.of(USUAL))).isEmpty();
    }

    @Test
    void aRareNewValueIsToldOnlyOnceEveryWeekdayIsKnown() {
        DriftCounts rare = day(9_000, 50);
        assertThat(DETECTOR.test(rare, List.of(), List.of(USUAL))).isEmpty();
        assertThat(DETECTOR.test(rare, List.of(), Collections.nCopies(7, USUAL)))
                .hasSize(1);
        assertThat(DETECTOR.test(rare, List.of(USUAL, USUAL), List.of()))
                .containsExactly("field device has a new value: glasses, 50 times");
    }

    @Test
    void aFieldThatIsAbsentOnSomeDaysAnywayIsNotSilentUnlessThatIsAgainstItsWeekday() {
        assertThat(DETECTOR.test(day(0, 0), List.of(), List.of(USUAL, day(0, 0))))
                .isEmpty();
        assertThat(DETECTOR.test(day(0, 0), List.of(USUAL, USUAL), List.of())).hasSize(1);
    }

    @Test
    void fewEventsTellNothing() {
        DriftCounts few = new DriftCounts(999, List.of(), Map.of());
        assertThat(DETECTOR.test(few, List.of(USUAL, USUAL), List.of())).isEmpty();
        assertThat(DETECTOR.test(day(0, 0), List.of(), List.of(few))).isEmpty();
    }

    private static DriftCounts day(long merchants, long glasses) {
        return new DriftCounts(
                EVENTS,
                List.of(),
                Map.of(
                        "merchant", new DriftCounts.Field(merchants, Map.of()),
                        "device",
                                new DriftCounts.Field(
                                        EVENTS,
                                        glasses == 0
                                                ? Map.of("phone", EVENTS)
                                                : Map.of("phone", EVENTS - glasses, "glasses", glasses))));
    }
}
