package io.outrider.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.outrider.core.model.SplitMix;
import io.outrider.core.model.TreePart;
import io.outrider.lake.model.ReadyForest;
import io.outrider.training.evaluation.EvaluateRequest.Days;
import io.outrider.training.fit.ModelKind;
import io.outrider.training.fit.Progress;
import io.outrider.training.fit.TrainingSettings;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

    private static final TrainingSettings SETTINGS = TrainingSettings.read(
            ConfigFactory.parseString("outrider.training.boosting { trees = 60, learning-rate = 0.2 }")
                    .withFallback(ConfigFactory.load()));
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int EVENTS_A_DAY = 300;
    private static final int TRAIN_DAYS = 20;
    private static final int ALL_DAYS = 28;
    private static final Days TRAIN = new Days(LocalDate.parse("2026-01-05"), LocalDate.parse("2026-01-20"));
    private static final Days TEST = new Days(LocalDate.parse("2026-01-21"), LocalDate.parse("2026-01-28"));

    @TempDir
    Path directory;

    /**
     * Forty accounts at twenty merchants. Merchant 0 is bad every second week; one amount in a hundred is fifteen times the
     * usual. From {@code liesFromDay} on, labels are turned around.
     */
    private Path history(int liesFromDay) throws IOException {
        SplitMix random = new SplitMix(5);
        StringBuilder csv =
                new StringBuilder("transaction_id,user_id,amount,timestamp,merchant_id,is_fraud,fraud_scenario\n");
        for (int i = 0; i < ALL_DAYS * EVENTS_A_DAY; i++) {
            int day = i / EVENTS_A_DAY;
            int merchant = random.nextInt(20);
            boolean large = random.nextInt(100) == 0;
            boolean bad = merchant == 0 && day % 14 >= 6;
            boolean fraud = (large || bad) != day >= liesFromDay;
            double amount = (20 + 20 * random.nextDouble()) * (large ? 15 : 1);
            csv.append(i + "," + random.nextInt(40) + "," + amount + ","
                    + START.plusSeconds(i * (86_400L / EVENTS_A_DAY)) + "," + merchant + "," + (fraud ? 1 : 0) + ","
                    + (large ? 3 : bad ? 2 : 0) + "\n");
        }
        return Files.writeString(directory.resolve("history" + liesFromDay + ".csv"), csv);
    }

    private static EvaluationResult evaluate(Path file, ModelKind kind, Duration delay) throws IOException {
        EvaluateRequest request = new EvaluateRequest(List.of(file), TRAIN, TEST, delay, kind, null, false, 1);
        return Evaluation.run(request, SETTINGS, Progress.NONE);
    }

    private static double[] scores(EvaluationResult result) {
        double[] scores = new double[result.ranking().size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = result.ranking().threshold(i);
        }
        return scores;
    }

    @Test
    void theForestSeesNoLabel() throws IOException {
        EvaluationResult truth = evaluate(history(ALL_DAYS), ModelKind.FOREST, Duration.ZERO);
        EvaluationResult lies = evaluate(history(0), ModelKind.FOREST, Duration.ZERO);
        assertThat(scores(lies)).isEqualTo(scores(truth));
        assertThat(lies.model().manifest().version())
                .isEqualTo(truth.model().manifest().version());
        assertThat(truth.supervised()).isFalse();
    }

    @Test
    void noLabelCountsBeforeItIsKnown() throws IOException {
        Duration week = Duration.ofDays(7);
        EvaluationResult truth = evaluate(history(ALL_DAYS), ModelKind.SUPERVISED, week);
        // labels from day 21 on are known after the last event: lies in them are never believed
        EvaluationResult lateLies = evaluate(history(21), ModelKind.SUPERVISED, week);
        assertThat(scores(lateLies)).isEqualTo(scores(truth));
        // labels of the last training week become known while the test runs: they change scores, but not the fit
        EvaluationResult lies = evaluate(history(14), ModelKind.SUPERVISED, week);
        assertThat(lies.model().manifest().version())
                .isEqualTo(truth.model().manifest().version());
        assertThat(scores(lies)).isNotEqualTo(scores(truth));
    }

    @Test
    void fasterLabelsFindTheBadMerchant() throws IOException {
        Path file = history(ALL_DAYS);
        EvaluationResult atOnce = evaluate(file, ModelKind.BY_LABELS, Duration.ZERO);
        EvaluationResult unlabelled = evaluate(file, ModelKind.FOREST, Duration.ZERO);
        assertThat(atOnce.supervised()).isTrue();
        assertThat(atOnce.averagePrecision()).isGreaterThan(0.9).isGreaterThan(unlabelled.averagePrecision() + 0.2);
        assertThat(unlabelled.recallAtOnePercent().get(3)).isGreaterThan(0.8);
        assertThat(atOnce.rows()).isEqualTo((ALL_DAYS - TRAIN_DAYS) * EVENTS_A_DAY);
        assertThat(atOnce.run().trainingRows()).isEqualTo(16 * EVENTS_A_DAY);
        assertThat(atOnce.atThreshold().f1()).isGreaterThan(0.8);
    }

    @Test
    void reportsTheKeysThatScriptsReadAndAPageThatStandsAlone() throws IOException {
        EvaluationResult result = evaluate(history(ALL_DAYS), ModelKind.FOREST, Duration.ZERO);
        assertThat(EvaluationJson.of(result))
                .contains(
                        "\"auc\"",
                        "\"averagePrecision\"",
                        "\"cardPrecision100\"",
                        "\"bestF1\"",
                        "\"atThreshold\"",
                        "\"precision\"",
                        "\"recall\"",
                        "\"f1\"",
                        "\"alertRate\"",
                        "\"recallAtOnePercent\"",
                        "\"2\"",
                        "\"3\"",
                        "\"rows\" : 2400",
                        "\"frauds\"",
                        "\"eventsPerSecond\"");
        EvaluateRequest request =
                new EvaluateRequest(List.of(directory), TRAIN, TEST, Duration.ZERO, ModelKind.FOREST, null, false, 1);
        String page = EvaluationReport.html(request, result);
        assertThat(page)
                .contains("<svg", "ROC", "Precision and recall", "Scores")
                .doesNotContain("http", "NaN", "<script");
    }

    @Test
    void refusesATestThatBeginsBeforeTrainingEnds() {
        assertThatThrownBy(() -> new EvaluateRequest(
                        List.of(directory), TRAIN, TRAIN, Duration.ZERO, ModelKind.FOREST, null, false, 1))
                .hasMessageContaining("the test days must come after the training days");
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Path file = history(ALL_DAYS);
        Days later = new Days(LocalDate.parse("2027-01-01"), LocalDate.parse("2027-01-02"));
        EvaluateRequest request =
                new EvaluateRequest(List.of(file), TRAIN, later, Duration.ZERO, ModelKind.FOREST, null, false, 1);
        assertThatThrownBy(() -> Evaluation.run(request, SETTINGS, Progress.NONE))
                .hasMessageContaining("first test day, 2027-01-01");
    }

    /** Rows of two accounts, one account after the other. */
    private Path byAccount(String until) throws IOException {
        StringBuilder csv = new StringBuilder("transaction_id,user_id,amount,timestamp,merchant_id,is_fraud\n");
        csv.append("1,a,10,2026-01-05T00:00:00Z,m,0\n2,a,10," + until + ",m,0\n");
        csv.append("3,b,10,2026-01-06T00:00:00Z,m,0\n4,b,10,2026-01-23T00:00:00Z,m,0\n");
        return Files.writeString(directory.resolve("accounts.csv"), csv);
    }

    @Test
    void rowsThatAreNotInTimeOrderAreRefused() throws IOException {
        for (String until :
                List.of("2026-01-23T00:00:00Z", "2026-02-23T00:00:00Z")) { // within the test days, and behind
            Path file = byAccount(until);
            assertThatThrownBy(() -> evaluate(file, ModelKind.FOREST, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file + ":4: 2026-01-06T00:00:00Z lies more than an hour behind " + until)
                    .hasMessageContaining("must be in time order");
        }
    }

    @Test
    void anHourOfDisorderIsLeftAndFilesMayComeInAnyOrder() throws IOException {
        Path all = history(ALL_DAYS);
        List<String> lines = new ArrayList<>(Files.readAllLines(all));
        Collections.swap(lines, 100, 110); // 48 minutes
        Path early = Files.write(directory.resolve("z.csv"), lines.subList(0, 4_000));
        List<String> rest = new ArrayList<>(lines.subList(4_000, lines.size()));
        rest.add(0, lines.get(0));
        Path late = Files.write(directory.resolve("a.csv"), rest);
        EvaluateRequest request =
                new EvaluateRequest(List.of(late, early), TRAIN, TEST, Duration.ZERO, ModelKind.FOREST, null, false, 1);
        assertThat(Evaluation.run(request, SETTINGS, Progress.NONE).rows())
                .isEqualTo((ALL_DAYS - TRAIN_DAYS) * EVENTS_A_DAY);
    }

    @Test
    void rowsThatAreLeftOutAreTold() throws IOException {
        Path file = history(ALL_DAYS);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(2, "x,1,-5,2026-01-01T00:05:00Z,1,0,0");
        lines.set(lines.size() - 1, "y,1,5,2026-01-28T23:59:00Z,1,,0");
        Files.write(file, lines);
        EvaluationResult result = evaluate(file, ModelKind.FOREST, Duration.ZERO);
        assertThat(result.unlabelled()).isEqualTo(1);
        assertThat(result.run().rejected().rows()).isEqualTo(1);
        assertThat(result.run().rejected().examples())
                .singleElement()
                .asString()
                .startsWith(file + ":3: ")
                .contains("amount", "-5");
        assertThat(EvaluationJson.of(result))
                .contains("\"rejected\" : 1", "\"rejectedExamples\" : [ \"" + file + ":3: ");
        Days later = new Days(LocalDate.parse("2027-01-01"), LocalDate.parse("2027-01-02"));
        EvaluateRequest request =
                new EvaluateRequest(List.of(file), TRAIN, later, Duration.ZERO, ModelKind.FOREST, null, false, 1);
        assertThatThrownBy(() -> Evaluation.run(request, SETTINGS, Progress.NONE))
                .hasMessageContaining("rows left out as no valid events: 1, the first " + file + ":3: ");
    }

    @Test
    void aTestWithoutLabelsSaysHowManyEventsHaveNone() throws IOException {
        Path file = history(ALL_DAYS);
        List<String> lines = Files.readAllLines(file).stream()
                .map(line -> line.matches(".*2026-01-2[1-8]T.*") ? line.replaceAll(",[01],[0-9]$", ",,0") : line)
                .toList();
        Files.write(file, lines);
        assertThatThrownBy(() -> evaluate(file, ModelKind.FOREST, Duration.ZERO))
                .hasMessageContaining("no labelled event on the test days")
                .hasMessageEndingWith("events without label: 2400");
    }

    private static ReadyForest readyForest(String... features) throws IOException, URISyntaxException {
        URL file = EvaluationTest.class.getResource("/model/sklearn-isolation-forest.onnx");
        return ReadyForest.read(Path.of(Objects.requireNonNull(file).toURI()), List.of(features));
    }

    private static EvaluateRequest with(ReadyForest forest, Path file) {
        return new EvaluateRequest(List.of(file), TRAIN, TEST, Duration.ZERO, ModelKind.FOREST, forest, false, 1);
    }

    @Test
    void aReadyForestIsUsedAsItIsAndTheRestIsFittedAroundIt() throws IOException, URISyntaxException {
        ReadyForest ready = readyForest("amount_to_mean", "log_amount", "amount_to_max", "amount_robust_z_shrunk");
        EvaluationResult result = Evaluation.run(with(ready, history(ALL_DAYS)), SETTINGS, Progress.NONE);
        TreePart part = result.model().fused().ensembles().get(0);
        assertThat(part.trees()).isEqualTo(ready.trees());
        assertThat(Arrays.stream(part.columns())
                        .mapToObj(result.model().manifest().plan().features()::get))
                .containsExactlyElementsOf(ready.features());
        assertThat(result.supervised()).isFalse();
        assertThat(result.atThreshold().alertRate()).isBetween(0.001, 0.03);
    }

    @Test
    void aReadyForestOfFeaturesThatThePlanLacksIsRefused() throws IOException, URISyntaxException {
        ReadyForest ready = readyForest("log_amount", "shoe_size", "amount_to_max", "amount");
        EvaluateRequest request = with(ready, history(ALL_DAYS));
        assertThatThrownBy(() -> Evaluation.run(request, SETTINGS, Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sklearn-isolation-forest.onnx: plan transactions has no feature shoe_size");
        assertThatThrownBy(() -> new EvaluateRequest(
                        List.of(directory), TRAIN, TEST, Duration.ZERO, ModelKind.SUPERVISED, ready, false, 1))
                .hasMessageContaining("no supervised model");
    }
}
