package io.outrider.ingestion.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollPaceTest {

    private static final long MS = 1_000_000;

    /** About to overflow. */
    private long now = Long.MAX_VALUE - 500 * MS;

    private final PollPace pace = new PollPace(Duration.ofMillis(4), 5_000, now);

    @Test
    void quickRecordsAreTakenByTheHundred() {
        int polls = poll(40_000, Duration.ofSeconds(2));

        assertTrue(polls < 550, () -> polls + " polls: one in 4 ms, and what it takes to know the rate");
    }

    @Test
    void slowRecordsAreNotWaitedFor() {
        poll(10_000, Duration.ofSeconds(2));

        assertEquals(0, pace.waitNanos(true, now));
    }

    @Test
    void aBurstAmongSlowRecordsIsNotFollowedByAPause() {
        poll(1_000, Duration.ofSeconds(1));
        pace.polled(200, now);

        assertEquals(0, pace.waitNanos(true, now));
    }

    @Test
    void aBacklogIsTakenAtOnce() {
        poll(40_000, Duration.ofSeconds(1));
        pace.polled(PollPace.BACKLOG, now);

        assertEquals(0, pace.waitNanos(true, now));
    }

    @Test
    void aPollThatBroughtAllItMayHasFoundABacklog() {
        PollPace small = new PollPace(Duration.ofMillis(4), 200, now);
        for (int i = 0; i < 1_000; i++) {
            now += 5 * MS;
            small.polled(200, now);
        }

        assertEquals(0, small.waitNanos(true, now));
    }

    @Test
    void aPollThatBroughtNothingIsFollowedByTheNext() {
        poll(40_000, Duration.ofSeconds(1));
        pace.polled(0, now);

        assertEquals(0, pace.waitNanos(true, now));
    }

    @Test
    void aBacklogThatIsNotWantedYetIsNotAskedForAllTheTime() {
        poll(40_000, Duration.ofSeconds(1));
        pace.polled(0, now);

        assertEquals(3 * MS, pace.waitNanos(false, now + MS));
    }

    @Test
    void whatTheStreamTookLongForIsNotWaitedForAgain() {
        poll(40_000, Duration.ofSeconds(1));
        pace.polled(160, now);

        assertEquals(3 * MS, pace.waitNanos(true, now + MS));
        assertEquals(0, pace.waitNanos(true, now + 5 * MS));
    }

    @Test
    void quickRecordsAreForgottenWhenSlowOnesFollow() {
        poll(40_000, Duration.ofSeconds(1));
        poll(2_000, Duration.ofMillis(500));

        assertEquals(0, pace.waitNanos(true, now));
    }

    @Test
    void noGatherTimeMeansNoPause() {
        PollPace off = new PollPace(Duration.ZERO, 5_000, now);
        for (int i = 0; i < 1_000; i++) {
            now += MS;
            off.polled(100, now);
        }

        assertEquals(0, off.waitNanos(true, now));
    }

    /** Polls as soon as the pace allows, and a millisecond after the last at the earliest, while records come evenly. */
    private int poll(int recordsPerSecond, Duration time) {
        long start = now;
        int polls = 0;
        long records = 0;
        while (now - start < time.toNanos()) {
            now += Math.max(MS, pace.waitNanos(true, now));
            long come = (now - start) * recordsPerSecond / 1_000_000_000;
            pace.polled((int) (come - records), now);
            records = come;
            polls++;
        }
        return polls;
    }
}
