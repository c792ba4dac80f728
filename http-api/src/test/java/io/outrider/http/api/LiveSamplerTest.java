package io.outrider.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.telemetry.LiveMetrics;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class LiveSamplerTest {

    private final LiveMetrics metrics = new LiveMetrics();
    private final SettableClock clock = new SettableClock();
    private final LiveSampler sampler = new LiveSampler(metrics, clock);

    private static final class SettableClock extends Clock {
        long nowMs;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs);
        }
    }

    private void second(int events, long latencyMs) {
        clock.nowMs += 1_000;
        metrics.events.add(events);
        metrics.recordDecisionLatency(latencyMs);
        sampler.sample();
    }

    @Test
    void oneSampleIsNoRate() {
        second(10, 1);

        assertThat(sampler.points()).isEmpty();
    }

    @Test
    void aRateIsOverTheLastFewSeconds() {
        for (int i = 0; i < 20; i++) {
            second(100, 5);
        }
        assertThat(sampler.points().get(18).eventsPerSecond()).isEqualTo(100.0);

        for (int i = 0; i < 6; i++) {
            second(0, 5);
        }
        assertThat(sampler.points().get(24).eventsPerSecond()).isZero();
    }

    @Test
    void latencyForgetsWhatIsPast() {
        second(1, 1);
        second(1, 9_000);
        assertThat(sampler.points().get(0).decision().max()).isBetween(8_900L, 9_100L);

        for (int i = 0; i < 6; i++) {
            second(1, 3);
        }

        LiveSampler.Latency now = sampler.points().get(6).decision();
        assertThat(now.max()).isEqualTo(3);
        assertThat(now.count()).isEqualTo(5);
    }

    @Test
    void twoMinutesAreKept() {
        for (int i = 0; i < 300; i++) {
            second(1, 1);
        }

        assertThat(sampler.points()).hasSize(120);
        assertThat(sampler.points().get(119).atMs()).isEqualTo(300_000);
    }
}
