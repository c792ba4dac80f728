package io.outrider.detection.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RepeatedReasonTest {

    private final RepeatedReason reason = new RepeatedReason();

    @Test
    void theSameReasonIsSaidAtOnceAndThenOnceAMinuteWithHowOftenItCame() {
        assertThat(came("the manifest is damaged", 0)).isEqualTo(1);
        for (int second = 1; second < 60; second++) {
            assertThat(came("the manifest is damaged", second)).isZero();
        }
        assertThat(came("the manifest is damaged", 60)).isEqualTo(60);
        assertThat(came("the manifest is damaged", 61)).isZero();
        assertThat(came("the manifest is damaged", 300)).isEqualTo(2);
    }

    @Test
    void anotherReasonIsSaidAtOnce() {
        assertThat(came("the manifest is damaged", 0)).isEqualTo(1);
        assertThat(came("the manifest is damaged", 1)).isZero();
        assertThat(came("the lake is away", 2)).isEqualTo(1);
        assertThat(came("the lake is away", 3)).isZero();
        assertThat(came("the manifest is damaged", 4)).isEqualTo(1);
    }

    private int came(String why, int second) {
        return reason.came(why, Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30) + TimeUnit.SECONDS.toNanos(second));
    }
}
