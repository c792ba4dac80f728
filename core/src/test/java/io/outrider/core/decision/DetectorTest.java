package io.outrider.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.outrider.core.account.AccountState;
import io.outrider.core.account.AccountStateCodec;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Counterfactual;
import io.outrider.core.alert.ScoredEvent;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.Canary;
import io.outrider.core.model.ContextRef;
import io.outrider.core.model.FusedScore;
import io.outrider.core.model.Model;
import io.outrider.core.risk.MerchantRisk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DetectorTest {

    private static Model model;
    private static TrainedStream stream;
    private static final List<Alert> ALERTS = new ArrayList<>();

    @BeforeAll
    static void detectOnce() {
        stream = new TrainedStream(5, 0.01);
        model = stream.train(30_000, 10_000);
        stream.detect(10_000, model, (transaction, alerts) -> ALERTS.addAll(alerts));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.01", "2, 0.01", "3, 0.01", "4, 0.003", "5, 0.011"})
    void onTheUniformStreamEveryAnomalyAndNothingElseAlerts(long seed, double share) {
        TrainedStream fresh = new TrainedStream(seed, share);
        Model own = fresh.train(20_000, 10_000);
        int[] wrong = new int[2];
        fresh.detect(20_000, own, (transaction, alerts) -> {
            boolean anomalous = Boolean.TRUE.equals(transaction.fraud());
            wrong[0] += anomalous && alerts.isEmpty() ? 1 : 0;
            wrong[1] += !anomalous && !alerts.isEmpty() ? 1 : 0;
        });
        assertThat(wrong).as("missed, false").containsExactly(0, 0);
    }

    @Test
    void attributionsSumToScoreMinusExpectedScore() {
        assertThat(ALERTS).isNotEmpty().allSatisfy(alert -> {
            double sum = alert.attributions().stream()
                    .mapToDouble(Attribution::contribution)
                    .sum();
            assertThat(sum).isEqualTo(alert.score() - alert.expectedScore(), within(1e-9));
            assertThat(alert.score()).isGreaterThanOrEqualTo(alert.threshold());
            assertThat(alert.reasons()).isNotEmpty().hasSizeLessThanOrEqualTo(4);
        });
    }

    @Test
    void theReceiptScoresTheSameAgain() {
        assertThat(ALERTS).isNotEmpty().allSatisfy(alert -> {
            double[] vector = alert.receipt().vector().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            double raw = model.raw(vector, FusedScore.scratch(vector.length));
            assertThat(model.score(raw)).isEqualTo(alert.score());
        });
    }

    @Test
    void theCounterfactualStaysBelowTheThresholdAndBarelySo() {
        int found = 0;
        for (Alert alert : ALERTS) {
            Counterfactual change = alert.counterfactual();
            if (change == null) {
                continue;
            }
            found++;
            double[] vector = alert.receipt().vector().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            int column = new ArrayList<>(alert.receipt().vector().keySet()).indexOf(change.feature());
            assertThat(vector[column]).isEqualTo(change.from());
            vector[column] = change.to();
            double raw = model.raw(vector, FusedScore.scratch(vector.length));
            assertThat(model.isAnomalous(raw)).isFalse();
            assertThat(change.score()).isEqualTo(model.score(raw)).isLessThan(alert.threshold());
            if (TrainedStream.PLAN.features().get(column).yesOrNo()) {
                assertThat(change.to()).isEqualTo(1 - change.from());
                continue;
            }
            boolean count = TrainedStream.PLAN.isCount(column);
            assertThat(count && change.to() != Math.rint(change.to())).isFalse();
            vector[column] = count
                    ? change.to() + Math.signum(change.from() - change.to())
                    : change.to() + (change.from() - change.to()) * 1e-3;
            assertThat(model.isAnomalous(model.raw(vector, FusedScore.scratch(vector.length))))
                    .isTrue();
        }
        assertThat(found).isPositive();
    }

    private static Transaction transaction(long second, double amount) {
        return new Transaction(
                "p" + second, "user-1", amount, 1_800_000_000_000L + second * 3_600_000, null, null, null, null, null);
    }

    @Test
    void whatIfLeavesTheStateAloneAndAgreesWithDetection() {
        AccountStateCodec codec = new AccountStateCodec(TrainedStream.PLAN);
        AccountState state = stream.state("user-1234");
        byte[] before = codec.encode(state);
        Transaction spike = transaction(0, 9_000);
        Assessment assessment = new Detector(TrainedStream.PLAN).assess(state, spike, TrainedStream.context(model));
        assertThat(codec.encode(state)).isEqualTo(before);
        Alert alert = Objects.requireNonNull(new Detector(TrainedStream.PLAN)
                .detect(codec.decode(before), spike, stream.position(), TrainedStream.context(model)));
        assertThat(assessment.anomalous()).isTrue();
        assertThat(assessment.score()).isEqualTo(alert.score());
        assertThat(assessment.severity()).isEqualTo(alert.severity());
        assertThat(assessment.reasons()).isEqualTo(alert.reasons());
        assertThat(assessment.attributions()).isEqualTo(alert.attributions());
    }

    @Test
    void repeatsWithinTheCoolDownJoinOneEpisode() {
        AccountStateCodec codec = new AccountStateCodec(TrainedStream.PLAN);
        AccountState state = codec.fresh();
        Detector detector = new Detector(TrainedStream.PLAN);
        List<Alert> alerts = new ArrayList<>();
        long[] minutes = {0, 20, 70, 200};
        for (int i = 0; i < minutes.length; i++) {
            Transaction spike = new Transaction(
                    "s" + i, "user-2", 15_000 * (i + 1), minutes[i] * 60_000, null, null, null, null, null);
            alerts.add(Objects.requireNonNull(
                    detector.detect(state, spike, new LogPosition("g", 1, i), TrainedStream.context(model))));
        }
        assertThat(alerts).extracting(Alert::episodeId).containsExactly("g-1-0", "g-1-0", "g-1-0", "g-1-3");
    }

    @Test
    void aLateAlertLeavesTheRunningEpisodeAsItIs() {
        AccountState state = new AccountStateCodec(TrainedStream.PLAN).fresh();
        Detector detector = new Detector(TrainedStream.PLAN);
        List<Alert> alerts = new ArrayList<>();
        long[] minutes = {720, 540, 730, 675}; // a cool-down is an hour
        for (int i = 0; i < minutes.length; i++) {
            Transaction spike = new Transaction(
                    "s" + i, "user-2", 15_000 * (i + 1), minutes[i] * 60_000, null, null, null, null, null);
            alerts.add(Objects.requireNonNull(
                    detector.detect(state, spike, new LogPosition("g", 1, i), TrainedStream.context(model))));
        }
        assertThat(alerts).extracting(Alert::episodeId).containsExactly("g-1-0", "g-1-1", "g-1-0", "g-1-0");
        assertThat(state.decisions().episodeId()).isEqualTo("g-1-0");
        assertThat(state.decisions().episodeAlerts()).isEqualTo(3);
        assertThat(state.decisions().episodes()).isEqualTo(2);
    }

    @Test
    void reasonsNameTheAmountAndWhatIsUsual() {
        Alert alert = ALERTS.stream()
                .filter(a -> !Double.isNaN(a.usualAmount()))
                .findFirst()
                .orElseThrow();
        assertThat(String.join("; ", alert.reasons()))
                .contains(
                        "robust deviations above what is usual for this account and others like it (this account's median")
                .doesNotContain("NaN");
    }

    @Test
    void theAmountIsSetAgainstTheMedianOnceAtMost() {
        assertThat(ALERTS)
                .allSatisfy(alert -> assertThat(alert.reasons())
                        .filteredOn(reason -> reason.startsWith("amount") && reason.contains("median"))
                        .hasSizeLessThanOrEqualTo(1));
    }

    @Test
    void decisionsTellTheReviewSampleAndTheScoredTransactionsAskedFor() {
        AlertPolicy policy = new AlertPolicy(model);
        Transaction usual = transaction(0, 500);
        for (ScoredEvents published : ScoredEvents.values()) {
            Detector detector = new Detector(TrainedStream.PLAN, published);
            int reviews = 0;
            for (int offset = 0; offset < 4_000; offset++) {
                LogPosition position = new LogPosition("generation", 3, offset);
                AccountState state = stream.codec().fresh();
                Decision decision = detector.decide(state, usual, position, TrainedStream.context(model));
                boolean review = policy.isForReview(position);
                reviews += review ? 1 : 0;
                assertThat(decision.alert()).isNull();
                assertThat(decision.review()).isEqualTo(review);
                assertThat(state.decisions().recent().get(0).review()).isEqualTo(review);
                assertThat(decision.scored() != null)
                        .isEqualTo(published == ScoredEvents.ALL || (published == ScoredEvents.REVIEW && review));
            }
            assertThat(reviews).isPositive();
        }
    }

    @Test
    void aScoredTransactionTellsWhatTheAlertTells() {
        AccountStateCodec codec = stream.codec();
        Detector detector = new Detector(TrainedStream.PLAN, ScoredEvents.ALL);
        Decision decision =
                detector.decide(codec.fresh(), transaction(0, 9_000), stream.position(), TrainedStream.context(model));
        Alert alert = Objects.requireNonNull(decision.alert());
        assertThat(decision.scored())
                .isEqualTo(new ScoredEvent(
                        alert.id(),
                        alert.transaction(),
                        Objects.requireNonNull(decision.scored()).rawScore(),
                        alert.score(),
                        alert.threshold(),
                        true,
                        false,
                        alert.receipt()));
        assertThat(model.score(decision.scored().rawScore())).isEqualTo(alert.score());
    }

    @Test
    void aCanaryDecidesForItsAccountsAndAChallengerForNone() {
        Model other = new TrainedStream(12, 0.01).train(2_000, 1_000);
        String canary = other.manifest().version();
        ContextRef ref = new ContextRef(model.manifest().version(), 0, canary, new Canary(canary, 0.5));
        DetectionContext both = new DetectionContext(ref, model, MerchantRisk.NONE, other, other);
        List<Double> challenged = new ArrayList<>();
        Detector watched = new Detector(
                TrainedStream.PLAN,
                ScoredEvents.ALL,
                (seen, context, scores) -> challenged.add(scores.challengerRaw()));
        Detector plain = new Detector(TrainedStream.PLAN, ScoredEvents.ALL);
        Set<String> decidedBy = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            Transaction seen = ofAccount("account-" + i, 9_000);
            Model decides = new Canary(canary, 0.5).takes(seen.account()) ? other : model;
            AccountState state = stream.codec().fresh();
            AccountState alone = stream.codec().fresh();
            Decision decision = watched.decide(state, seen, stream.position(), both);
            assertThat(decision)
                    .isEqualTo(plain.decide(alone, seen, stream.position(), TrainedStream.context(decides)));
            assertThat(stream.codec().encode(state)).isEqualTo(stream.codec().encode(alone));
            Alert alert = Objects.requireNonNull(decision.alert());
            assertThat(alert.receipt().context().modelVersion()).isEqualTo(alert.modelVersion());
            decidedBy.add(alert.modelVersion());
            assertThat(challenged).hasSize(i + 1).doesNotContain(Double.NaN);
        }
        assertThat(decidedBy).containsExactlyInAnyOrder(canary, model.manifest().version());
    }

    private static Transaction ofAccount(String account, double amount) {
        Transaction like = transaction(0, amount);
        return new Transaction(
                like.transactionId(),
                account,
                like.amount(),
                like.eventTimeMs(),
                like.merchant(),
                like.device(),
                like.network(),
                like.currency(),
                like.fraud());
    }

    @Test
    void theReviewSampleIsAsLargeAsAskedForAndAlwaysTheSame() {
        AlertPolicy policy = new AlertPolicy(model);
        int marked = 0;
        for (int offset = 0; offset < 200_000; offset++) {
            marked += policy.isForReview(new LogPosition("generation", 3, offset)) ? 1 : 0;
        }
        assertThat(marked).isBetween(140, 260);
    }
}
