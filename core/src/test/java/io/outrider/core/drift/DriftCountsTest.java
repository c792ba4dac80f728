package io.outrider.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftCountsTest {

    private static final DriftCounts.Field FEW = new DriftCounts.Field(5, Map.of("phone", 3L, "tablet", 2L));
    private static final DriftCounts.Field TOO_MANY = new DriftCounts.Field(900, Map.of());
    private static final DriftCounts.Field ABSENT = new DriftCounts.Field(0, Map.of());

    @Test
    void fieldsOfFewValuesAddUpByValue() {
        assertThat(FEW.plus(new DriftCounts.Field(4, Map.of("phone", 4L))))
                .isEqualTo(new DriftCounts.Field(9, Map.of("phone", 7L, "tablet", 2L)));
        assertThat(FEW.plus(ABSENT)).isEqualTo(FEW);
        assertThat(ABSENT.plus(FEW)).isEqualTo(FEW);
    }

    @Test
    void aFieldThatHadTooManyValuesInOneHourHasTooManyInTheDay() {
        assertThat(FEW.plus(TOO_MANY)).isEqualTo(new DriftCounts.Field(905, Map.of()));
        assertThat(TOO_MANY.plus(FEW)).isEqualTo(new DriftCounts.Field(905, Map.of()));
    }

    @Test
    void hoursOfDifferentValuesMayBeTooManyTogether() {
        assertThat(values("a").plus(values("b"))).isEqualTo(new DriftCounts.Field(60, Map.of()));
        assertThat(values("a").plus(values("a")).values()).hasSize(30);
    }

    private static DriftCounts.Field values(String prefix) {
        return new DriftCounts.Field(
                30,
                IntStream.range(0, 30)
                        .mapToObj(i -> prefix + i)
                        .collect(Collectors.toMap(Function.identity(), name -> 1L)));
    }
}
