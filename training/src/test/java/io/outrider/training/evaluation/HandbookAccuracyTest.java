package io.outrider.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.outrider.training.SharedData;
import io.outrider.training.evaluation.EvaluateRequest.Days;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The figures that docs/accuracy.md promises, held from below, on months that nothing was fitted on. */
@Tag("data")
class HandbookAccuracyTest {

    private static final Days MAY_AND_JUNE = days("2018-05-01", "2018-06-30");
    private static final Days JULY = days("2018-07-01", "2018-07-31");

    private static Days days(String from, String to) {
        return new Days(LocalDate.parse(from), LocalDate.parse(to));
    }

    private static EvaluationResult evaluate(Days train, Days test, String delay, ModelKind kind) throws IOException {
        boolean handbook = !train.equals(MAY_AND_JUNE);
        EvaluateRequest request = new EvaluateRequest(
                SharedData.months("04", "05", "06", "07"), train, test, Duration.parse(delay), kind, null, handbook, 1);
        return Evaluation.run(request, TrainingSettings.read(ConfigFactory.load()), Progress.NONE);
    }

    @Test
    void withoutLabelsFindsWhatCanBeFoundWithoutThem() throws IOException {
        EvaluationResult result = evaluate(MAY_AND_JUNE, JULY, "P7D", ModelKind.FOREST);
        assertThat(result.rows()).isEqualTo(296_928);
        assertThat(result.frauds()).isEqualTo(2_620);
        assertThat(result.averagePrecision()).isGreaterThanOrEqualTo(0.33);
        assertThat(result.bestF1()).isGreaterThanOrEqualTo(0.42);
        assertThat(result.recallAtOnePercent()).containsEntry(1, 1.0);
        assertThat(result.recallAtOnePercent().get(3)).isGreaterThanOrEqualTo(0.86);
    }

    @Test
    void withLabelsOfAWeekAgoKeepsToItsGoals() throws IOException {
        EvaluationResult result = evaluate(MAY_AND_JUNE, JULY, "P7D", ModelKind.BY_LABELS);
        assertThat(result.supervised()).isTrue();
        assertThat(result.averagePrecision()).isGreaterThanOrEqualTo(0.80);
        assertThat(result.auc()).isGreaterThanOrEqualTo(0.91);
        assertThat(result.cardPrecision100()).isGreaterThanOrEqualTo(0.309);
        assertThat(result.atThreshold().f1()).isGreaterThanOrEqualTo(0.80);
    }

    @Test
    void withLabelsOfYesterdayAndAtOnceFindsMore() throws IOException {
        assertThat(evaluate(MAY_AND_JUNE, JULY, "P1D", ModelKind.SUPERVISED).averagePrecision())
                .isGreaterThanOrEqualTo(0.91);
        assertThat(evaluate(MAY_AND_JUNE, JULY, "PT0S", ModelKind.SUPERVISED).averagePrecision())
                .isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void onTheHandbooksOwnProtocolMeasuresTheHandbooksRows() throws IOException {
        EvaluationResult result = evaluate(
                days("2018-07-11", "2018-07-17"), days("2018-07-25", "2018-07-31"), "P7D", ModelKind.SUPERVISED);
        assertThat(result.rows()).isEqualTo(58_505);
        assertThat(result.frauds()).isEqualTo(374);
        assertThat(result.run().trainingRows()).isEqualTo(66_928);
        assertThat(result.averagePrecision()).isGreaterThanOrEqualTo(0.73);
        assertThat(result.auc()).isGreaterThanOrEqualTo(0.875);
        assertThat(result.cardPrecision100()).isGreaterThanOrEqualTo(0.28);
    }
}
