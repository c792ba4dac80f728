package io.outrider.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the test slice says of a model, and why it may say nothing. */
class TestReportTest {

    @Test
    void whyNothingIsMeasuredIsSaidInItsOwnWords() {
        assertThat(TestReport.lacking(29, 800, 30))
                .isEqualTo("the test slice has 29 frauds among 800 labelled rows, fewer than 30");
        assertThat(TestReport.lacking(0, 0, 30))
                .isEqualTo("the test slice has 0 frauds among 0 labelled rows, fewer than 30");
        assertThat(TestReport.lacking(800, 800, 30))
                .isEqualTo("all 800 labelled rows of the test slice are frauds, and none is genuine");
        assertThat(TestReport.lacking(30, 31, 30)).isEmpty();
    }
}
