package io.outrider.core.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MerchantRiskLedgerTest {

    private static final long DAY = 86_400_000L;
    private static final long NOW = 20_000 * DAY;

    private final MerchantRiskLedger ledger = new MerchantRiskLedger(100);

    @Test
    void aVerdictCountsFromWhenItIsKnownAndNotBefore() {
        ledger.transaction("m", NOW);
        ledger.verdict(new Verdict("a", "m", NOW, true, NOW + 7 * DAY));
        ledger.advanceTo(NOW + 7 * DAY - 1);
        assertThat(history("m", NOW + 7 * DAY - 1).frauds()).containsExactly(0, 0, 0);
        assertThat(ledger.account("a", NOW + 7 * DAY - 1)).isNull();
        ledger.advanceTo(NOW + 7 * DAY);
        MerchantHistory known = history("m", NOW + 7 * DAY);
        assertThat(known.frauds()).containsExactly(1, 1, 1);
        assertThat(known.counts())
                .as("the transaction itself was eight buckets of a day ago")
                .containsExactly(0, 1, 1);
        assertThat(known.lastFraudMs()).isEqualTo(NOW);
        AccountHistory account = Objects.requireNonNull(ledger.account("a", NOW + 7 * DAY));
        assertThat(account.frauds()).containsExactly(1, 1, 1);
        assertThat(account.lastFraudMs()).isEqualTo(NOW);
    }

    @Test
    void windowsForgetWhatTheyHaveLeftBehind() {
        ledger.verdict(new Verdict("a", "m", NOW, true, NOW));
        ledger.advanceTo(NOW + 60 * DAY);
        assertThat(history("m", NOW).frauds()).containsExactly(1, 1, 1);
        assertThat(history("m", NOW + 3 * DAY).frauds()).containsExactly(0, 1, 1);
        assertThat(history("m", NOW + 20 * DAY).frauds()).containsExactly(0, 0, 1);
        assertThat(history("m", NOW + 40 * DAY).frauds()).containsExactly(0, 0, 0);
        assertThat(history("m", NOW + 40 * DAY).fraudTotal()).isEqualTo(1);
    }

    @Test
    void aRunIsTheFraudsBehindTheLastGenuineTransaction() {
        verdicts("m", "g0 f1 g2 f3 f4 f5");
        MerchantHistory history = history("m", NOW + 9 * DAY);
        assertThat(history.fraudRun()).isEqualTo(3);
        assertThat(history.runStartMs()).isEqualTo(NOW + 3 * DAY);
        assertThat(history.lastGenuineBeforeRunMs()).isEqualTo(NOW + 2 * DAY);
        verdicts("m", "g6");
        assertThat(history("m", NOW + 9 * DAY).fraudRun()).isZero();
        assertThat(history("m", NOW + 9 * DAY).runStartMs()).isEqualTo(MerchantHistory.NEVER);
        assertThat(history("m", NOW + 9 * DAY).knownTotal()).isEqualTo(7);
    }

    @Test
    void verdictsMayArriveOutOfTheOrderOfTheirEvents() {
        verdicts("quick-frauds", "f5 f6 g1 g3 g4");
        assertThat(history("quick-frauds", NOW).fraudRun()).isEqualTo(2);
        assertThat(history("quick-frauds", NOW).lastGenuineBeforeRunMs()).isEqualTo(NOW + 4 * DAY);
        verdicts("split", "f3 f5 f7 g6");
        assertThat(history("split", NOW).fraudRun()).isEqualTo(1);
        assertThat(history("split", NOW).runStartMs()).isEqualTo(NOW + 7 * DAY);
        verdicts("old-fraud", "g3 g5 f4");
        assertThat(history("old-fraud", NOW).fraudRun()).isZero();
    }

    @Test
    void fraudsOnUsualAmountsAreToldFromSurges() {
        ledger.verdict(new Verdict("a", "m", NOW, true, true, NOW));
        ledger.verdict(new Verdict("b", "m", NOW + 1, true, false, NOW + 1));
        ledger.verdict(new Verdict("c", "m", NOW + 2, true, true, NOW + 2));
        ledger.advanceTo(NOW + 2);
        assertThat(history("m", NOW + 2).fraudRun()).isEqualTo(3);
        assertThat(history("m", NOW + 2).usualFraudRun()).isEqualTo(2);
        ledger.verdict(new Verdict("c", "m", NOW + 3, false, NOW + 3));
        ledger.advanceTo(NOW + 3);
        assertThat(history("m", NOW + 3).usualFraudRun()).isZero();
        assertThat(history("m", NOW + 3).usualFrauds()).isEqualTo(2);
        assertThat(history("m", NOW + 40 * DAY).usualFrauds()).isZero();
    }

    @Test
    void anAccountThatIsForgottenLeavesNoNameAndMerchantsKeepTheirCounts() {
        ledger.verdict(new Verdict("erased-one", "m", NOW, true, NOW));
        ledger.verdict(new Verdict("erased-one", "m", NOW, true, NOW + 9 * DAY));
        ledger.verdict(new Verdict("another", "m", NOW, true, NOW));
        ledger.advanceTo(NOW + DAY);
        long before = history("m", NOW + DAY).knownTotal();

        assertThat(ledger.forget("erased-one"::equals)).isTrue();
        assertThat(ledger.forget("erased-one"::equals)).isFalse();

        assertThat(new String(ledger.encode(), StandardCharsets.UTF_8))
                .contains("another")
                .doesNotContain("erased-one");
        ledger.advanceTo(NOW + 10 * DAY);
        assertThat(ledger.account("erased-one", NOW + 10 * DAY)).isNull();
        assertThat(ledger.account("another", NOW + 10 * DAY)).isNotNull();
        assertThat(history("m", NOW + DAY).knownTotal()).isEqualTo(before);
    }

    @Test
    void smoothedRiskLiesBetweenBaseRateAndShare() {
        verdicts("m", "f1 f2 g3 g4");
        MerchantHistory history = history("m", NOW + 5 * DAY);
        assertThat(history.baseRate()).isEqualTo(2.5 / 104);
        assertThat(history.smoothedRisk(2, 4)).isEqualTo((2 + 4 * 2.5 / 104) / 8);
    }

    @Test
    void aSnapshotDoesNotChange() {
        verdicts("m", "f1");
        MerchantRisk snapshot = ledger.snapshot();
        verdicts("m", "f2");
        ledger.transaction("m", NOW + 3 * DAY);
        assertThat(Objects.requireNonNull(snapshot.at("m", NOW + 3 * DAY)).fraudTotal())
                .isEqualTo(1);
        assertThat(Objects.requireNonNull(snapshot.at("m", NOW + 3 * DAY)).counts())
                .containsExactly(0, 0, 0);
        assertThat(history("m", NOW + 3 * DAY).fraudTotal()).isEqualTo(2);
    }

    @Test
    void nothingIsKnownOfTheUnknown() {
        assertThat(ledger.at("nobody", NOW)).isNull();
        assertThat(ledger.at(null, NOW)).isNull();
        assertThat(MerchantRisk.NONE.account("a", NOW)).isNull();
    }

    @Test
    void theNumberOfMerchantsIsBoundedAndTheLongestIdleGoFirst() {
        for (int i = 0; i < 5000; i++) {
            ledger.transaction("m" + i, NOW + i);
            ledger.transaction("busy", NOW + i);
            assertThat(ledger.merchantCount()).isLessThanOrEqualTo(100);
        }
        assertThat(ledger.at("busy", NOW + 5000)).isNotNull();
        assertThat(ledger.at("m4999", NOW + 5000)).isNotNull();
        assertThat(ledger.at("m0", NOW + 5000)).isNull();
    }

    private MerchantHistory history(String merchant, long nowMs) {
        return Objects.requireNonNull(ledger.at(merchant, nowMs));
    }

    /** Verdicts in the order they become known: f or g, and the day of the event. */
    private void verdicts(String merchant, String script) {
        for (String one : script.split(" ", -1)) {
            long eventMs = NOW + Long.parseLong(one.substring(1)) * DAY;
            ledger.verdict(new Verdict("a", merchant, eventMs, one.startsWith("f"), NOW));
        }
        ledger.advanceTo(NOW);
    }
}
