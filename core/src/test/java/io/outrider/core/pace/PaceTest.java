package io.outrider.core.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final List<Long> restsMs = new ArrayList<>();
    private long nanos;

    private Pace pace(double share) {
        return new Pace(share, () -> nanos, rest -> {
            restsMs.add(TimeUnit.NANOSECONDS.toMillis(rest));
            nanos += rest;
        });
    }

    private void work(Pace pace, long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        pace.step();
    }

    @Test
    void restsThreeTimesAsLongAsItWorkedWhereItsShareIsAQuarter() {
        Pace pace = pace(0.25);
        work(pace, 3);
        work(pace, 1); // too little to rest for, and not forgotten
        work(pace, 1);
        work(pace, 10);
        assertThat(restsMs).containsExactly(9L, 6L, 30L);
    }

    @Test
    void makesUpForLongWorkOnlySoFar() {
        work(pace(0.5), 60_000);
        assertThat(restsMs).containsExactly(500L);
    }

    @Test
    void aWholeShareNeverRests() {
        work(pace(1), 60_000);
        assertThat(restsMs).isEmpty();
        assertThat(pace(1).isFull()).isTrue();
        assertThat(pace(0.99).isFull()).isFalse();
    }

    @Test
    void whatIsInterruptedDoesNotFinishItsRest() {
        Pace pace = new Pace(0.5, () -> nanos, rest -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> work(pace, 3)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesAShareThatIsNone() {
        for (double share : new double[] {0, -1, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> pace(share)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
