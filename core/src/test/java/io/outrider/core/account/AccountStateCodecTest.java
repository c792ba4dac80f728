package io.outrider.core.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.Transaction;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.risk.MerchantRisk;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountStateCodecTest {

    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    private final FeaturePlan plan = FeaturePlan.named("transactions");
    private final AccountStateCodec codec = new AccountStateCodec(plan);

    /** Every window, memory and list full, ids as long as UUIDs; amounts with two decimals, or with all their digits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBusyAccountTakesAtMostTwoKibibytes(boolean decimals) {
        AccountState state = busyAccount(decimals);
        assertThat(codec.encode(state)).hasSizeLessThanOrEqualTo(2048);
    }

    @Test
    void whatIsDecodedIsEqualAndEncodesToTheSameBytes() {
        AccountState state = busyAccount(true);
        byte[] bytes = codec.encode(state);
        AccountState decoded = codec.decode(bytes);
        assertThat(codec.encode(decoded)).isEqualTo(bytes);
        assertThat(decoded.decisions()).isEqualTo(state.decisions());
        assertThat(decoded.decisions().recent()).hasSize(DecisionState.RECENT);
        assertThat(codec.featureStateHash(decoded))
                .isEqualTo(codec.featureStateHash(state))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void theHashIsOfTheFeatureStateAlone() {
        AccountState state = busyAccount(true);
        String hash = codec.featureStateHash(state);
        state.decisions().openEpisode("another", START);
        assertThat(codec.featureStateHash(state)).isEqualTo(hash);
        plan.apply(state.features(), transaction(1, 5, START), MerchantRisk.NONE, new double[plan.size()]);
        assertThat(codec.featureStateHash(state)).isNotEqualTo(hash);
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] bytes = codec.encode(busyAccount(true));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> codec.decode(longer)).isInstanceOf(IllegalArgumentException.class);
        byte[] otherVersion = bytes.clone();
        otherVersion[0] = 9;
        assertThatThrownBy(() -> codec.decode(otherVersion)).hasMessageContaining("version 9");
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] noise = bytes.clone();
            noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            try {
                assertThat(codec.decode(noise)).isNotNull();
            } catch (IllegalArgumentException expected) {
                assertThat(expected).hasMessageContaining("state");
            }
        }
    }

    @Test
    void aViewShowsTheStateAsItIs() {
        AccountState state = busyAccount(true);
        AccountView view = AccountView.of("a", 3, state, codec.featureStateHash(state));
        assertThat(view.events()).isEqualTo(3000);
        assertThat(view.windows()).hasSize(4);
        assertThat(view.recentTransactions()).hasSize(10);
        assertThat(view.recentTransactions().get(0).eventTimeMs()).isEqualTo(view.lastEventTimeMs());
        assertThat(view.usualAmount()).isPositive();
        assertThat(view.devices()).isEqualTo(state.features().devicesUsed()).isPositive();
    }

    private AccountState busyAccount(boolean decimals) {
        AccountState state = codec.fresh();
        var random = new Random(7);
        double[] vector = new double[plan.size()];
        for (int i = 0; i < 3000; i++) {
            double amount = decimals ? random.nextInt(100_000) / 100.0 : random.nextDouble() * 1000;
            Transaction transaction = transaction(i, amount, START + i * 900_000L);
            plan.apply(state.features(), transaction, MerchantRisk.NONE, vector);
            String alertId = i % 300 == 299 ? "qWkD3m1bTtyCbHR0wHzdhw-0-1234567" : null;
            if (alertId != null) {
                state.decisions().openEpisode(alertId, transaction.eventTimeMs());
                state.decisions().continueEpisode(transaction.eventTimeMs());
            }
            state.decisions()
                    .record(new ScoredTransaction(
                            transaction.transactionId(),
                            transaction.eventTimeMs(),
                            amount,
                            transaction.merchant(),
                            random.nextDouble(),
                            alertId,
                            false));
        }
        return state;
    }

    private static Transaction transaction(int i, double amount, long timeMs) {
        var random = new Random(i);
        return new Transaction(
                new UUID(random.nextLong(), random.nextLong()).toString(),
                "account",
                amount,
                timeMs,
                "merchant-" + random.nextInt(200),
                "device-" + random.nextInt(20),
                "10.0.0." + random.nextInt(250),
                "EUR",
                null);
    }
}
