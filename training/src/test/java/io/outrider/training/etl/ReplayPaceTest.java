package io.outrider.training.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplayPaceTest {

    @Test
    void aReplayRestsThreeTimesAsLongAsItWorksWhereItsShareIsAQuarter() throws InterruptedIOException {
        ReplayPace pace = new ReplayPace(0.25);
        long begun = System.nanoTime();
        long workedNanos = 0;
        for (int i = 0; i < 10; i++) {
            workedNanos += work(TimeUnit.MILLISECONDS.toNanos(3));
            pace.step();
        }
        assertThat(System.nanoTime() - begun)
                .as("whole time; the clock of a sleep is coarse")
                .isGreaterThan(3 * workedNanos);
    }

    @Test
    void aWholeShareNeverRests() throws InterruptedIOException {
        ReplayPace pace = new ReplayPace(1);
        work(TimeUnit.MILLISECONDS.toNanos(3));
        Thread.currentThread().interrupt(); // a rest would end at once, and throw
        pace.step();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aReplayThatIsInterruptedDoesNotFinishItsRest() {
        ReplayPace pace = new ReplayPace(0.25);
        work(TimeUnit.MILLISECONDS.toNanos(3));
        Thread.currentThread().interrupt();
        assertThatThrownBy(pace::step).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Works for so long; how long it took in the end. */
    private static long work(long nanos) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < nanos) {
            Thread.onSpinWait();
        }
        return System.nanoTime() - begun;
    }
}
