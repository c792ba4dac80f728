package io.outrider.training.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10), 0.2, 42);

    @Property(tries = 500)
    void aPauseDoublesUpToItsLimitGiveOrTakeTheJitter(
            @ForAll long run, @ForAll @IntRange(min = 1, max = 1_000) int attempt) {
        double seconds = BACKOFF.pause(run, attempt).toMillis() / 1e3;
        double plain = Math.min(600, 10 * Math.pow(2, attempt - 1));
        assertThat(seconds).isBetween(plain * 0.799, plain * 1.201);
        assertThat(BACKOFF.pause(run, attempt)).isEqualTo(BACKOFF.pause(run, attempt));
    }

    @Test
    void runsThatFailTogetherAreNotTriedTogether() {
        assertThat(LongStream.range(0, 100)
                        .mapToObj(run -> BACKOFF.pause(run, 3))
                        .distinct())
                .hasSizeGreaterThan(95);
        Backoff other = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10), 0.2, 43);
        assertThat(other.pause(1, 1)).isNotEqualTo(BACKOFF.pause(1, 1));
    }
}
