package io.outrider.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSamplingTest {

    private static final byte[] SAMPLED = bytes("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aRecordWhoseProducerTracesItIsTracedWhateverTheRatio() {
        assertThat(sampling(0, 10).takes(0, 0, SAMPLED)).isTrue();
        assertThat(EventSampling.NONE.takes(0, 0, SAMPLED)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-",
                ""
            })
    void oneWhoseProducerDoesNotIsNot(String traceparent) {
        assertThat(sampling(1, 10).takes(0, 0, bytes(traceparent))).isFalse();
    }

    @Test
    void aShareOfTheOthersIsTracedAndAReplayTracesTheSame() {
        EventSampling sampling = sampling(0.01, Integer.MAX_VALUE);
        long[] traced = LongStream.range(0, 100_000)
                .filter(offset -> sampling.takes(3, offset, null))
                .toArray();
        assertThat(traced.length).isBetween(800, 1_200);
        assertThat(LongStream.range(0, 100_000).filter(offset -> sampling.takes(3, offset, null)))
                .containsExactly(LongStream.of(traced).boxed().toArray(Long[]::new));
        assertThat(LongStream.of(traced).filter(offset -> sampling.takes(4, offset, null)))
                .as("another partition's are others")
                .hasSizeLessThan(traced.length / 2);
    }

    @Test
    void noMoreThanTheBoundAreTracedInASecond() {
        EventSampling sampling = sampling(1, 5);
        assertThat(LongStream.range(0, 100).filter(offset -> sampling.takes(0, offset, SAMPLED)))
                .hasSize(5);
        nanos.addAndGet(1_000_000_000);
        assertThat(LongStream.range(0, 100).filter(offset -> sampling.takes(0, offset, null)))
                .hasSize(5);
    }

    @Test
    void valuesThatMakeNoSenseAreNamed() {
        assertThatThrownBy(() -> sampling(Double.NaN, 1))
                .hasMessageContaining("ratio")
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> sampling(0, -2))
                .hasMessageContaining("max-per-second")
                .hasMessageContaining("-2");
    }

    private EventSampling sampling(double ratio, int maxPerSecond) {
        return new EventSampling(ratio, maxPerSecond, nanos::get);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
