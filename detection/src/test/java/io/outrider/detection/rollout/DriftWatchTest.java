package io.outrider.detection.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.drift.DriftDetector;
import io.outrider.core.drift.DriftReport;
import io.outrider.core.drift.PrecisionChange;
import io.outrider.core.review.Share;
import io.outrider.core.run.RunCause;
import io.outrider.core.run.RunRequest;
import io.outrider.core.telemetry.LiveMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is asked of the supervisor when traffic drifts. */
class DriftWatchTest {

    private static final PrecisionChange FALLEN = new PrecisionChange(Share.of(2, 40), 40, Share.of(30, 40), 40);

    private final LiveMetrics metrics = new LiveMetrics();
    private final AskedRuns supervisor = new AskedRuns("training");
    private DriftReport report = report(null);

    @Test
    void aModelIsAskedForOnceTheSameIsFoundInSoManyLooksOnEndAndTheReasonNamesIt() throws IOException {
        DriftWatch watch = watch(true);
        report = report(null, "log_amount", "hour");
        watch.look();
        watch.look();
        assertThat(supervisor.requests).isEmpty();
        report = report(null, "log_amount");
        watch.look();
        assertThat(supervisor.requests)
                .containsExactly(new RunRequest(RunCause.DRIFT, "drift under model m-1: log_amount", Map.of(), null));
        assertThat(metrics.driftRuns.sum()).isOne();
        assertThat(metrics.drifts.sum()).isEqualTo(3);
    }

    @Test
    void whatGoesAwayBetweenTwoLooksIsNotConfirmed() throws IOException {
        DriftWatch watch = watch(true);
        for (int i = 0; i < 10; i++) {
            report = i % 3 == 2 ? report(null) : report(null, "log_amount");
            watch.look();
        }
        assertThat(supervisor.requests).isEmpty();
    }

    @Test
    void precisionThatHasFallenAsksForAModelToo() throws IOException {
        DriftWatch watch = watch(true);
        report = report(FALLEN);
        for (int i = 0; i < 3; i++) {
            watch.look();
        }
        assertThat(report.sentences())
                .singleElement()
                .satisfies(sentence -> assertThat(sentence).startsWith("precision on labels has fallen: 0.050"));
        assertThat(supervisor.requests)
                .singleElement()
                .satisfies(request -> assertThat(request.reason()).endsWith(": precision on labels"));
    }

    @Test
    void aSupervisorThatSaysTooSoonIsAskedAgainAndNoRunIsCounted() throws IOException {
        DriftWatch watch = watch(true);
        supervisor.tooSoon = true;
        report = report(null, "raw_score");
        for (int i = 0; i < 5; i++) {
            watch.look();
        }
        assertThat(supervisor.requests).hasSize(3);
        assertThat(metrics.driftRuns.sum()).isZero();
    }

    @Test
    void nothingIsAskedForWhereThatIsOffOrOnlyAFieldHasGoneSilent() throws IOException {
        DriftWatch off = watch(false);
        report = report(FALLEN, "log_amount");
        for (int i = 0; i < 5; i++) {
            off.look();
        }
        DriftWatch on = watch(true);
        report = new DriftReport(
                "m-1",
                0,
                1,
                9_000,
                new DriftDetector.Findings("weeks", List.of(), List.of("field merchant has gone silent"), Map.of()),
                List.of(),
                Map.of(),
                null);
        for (int i = 0; i < 5; i++) {
            on.look();
        }
        assertThat(supervisor.requests).isEmpty();
        assertThat(metrics.drifts.sum()).isEqualTo(10);
    }

    @Test
    void aBadSettingIsNamed() {
        assertThatThrownBy(() -> new DriftSettings(Duration.ofHours(1), 0, true))
                .hasMessage("outrider.rollout.drift.confirm-looks must be at least 1, is 0");
    }

    private DriftWatch watch(boolean retrain) {
        return new DriftWatch(
                () -> report,
                new DriftSettings(Duration.ofHours(1), 3, retrain),
                new Retraining(supervisor, "training"),
                metrics);
    }

    private static DriftReport report(@Nullable PrecisionChange precision, String... drifted) {
        List<DriftDetector.Column> columns = Arrays.stream(drifted)
                .map(name -> new DriftDetector.Column(name, 0.3, 0.5, 1e-9, true))
                .toList();
        List<String> sentences = Arrays.stream(drifted)
                .map(name -> name + " is distributed otherwise")
                .toList();
        return new DriftReport(
                "m-1",
                0,
                1,
                9_000,
                new DriftDetector.Findings("weeks", columns, sentences, Map.of()),
                List.of(),
                Map.of(),
                precision);
    }
}
