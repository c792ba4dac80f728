package io.outrider.core.feature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.RejectionReason;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionDecoder;
import io.outrider.core.risk.MerchantRisk;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShippedPlansTest {

    private static final long START = Instant.parse("2026-03-02T10:00:00Z").toEpochMilli();

    @Test
    void whatIsYesOrNoIsMarkedSo() {
        assertThat(FeaturePlan.named("transactions").features().stream()
                        .filter(Feature::yesOrNo)
                        .map(Feature::name))
                .containsExactly(
                        "night",
                        "weekend",
                        "first_at_merchant",
                        "first_on_device",
                        "first_from_network",
                        "repeated_id");
    }

    @Test
    void aFlowToNewHostsOfUnusualSizeStandsOutInNetworkAccess() {
        var plan = FeaturePlan.named("network-access");
        var state = plan.newState();
        double[] vector = new double[plan.size()];
        for (int i = 0; i < 30; i++) {
            plan.apply(
                    state,
                    access(plan, "e" + i, START + i * 600_000L, 40_000 + i * 10, "files"),
                    MerchantRisk.NONE,
                    vector);
        }
        assertThat(value(plan, vector, "first_at_host")).isZero();
        assertThat(value(plan, vector, "bytes_relative_z")).isBetween(-1.0, 1.0);
        plan.apply(state, access(plan, "x", START + 31 * 600_000L, 9e8, "payroll"), MerchantRisk.NONE, vector);
        assertThat(value(plan, vector, "first_at_host")).isEqualTo(1);
        assertThat(value(plan, vector, "bytes_relative_z")).isGreaterThan(100);
        assertThat(value(plan, vector, "bytes_to_max")).isGreaterThan(1000);
        assertThat(value(plan, vector, "distinct_hosts_1h")).isEqualTo(2);
    }

    @Test
    void aNegativeReadingIsReadAndStandsOutInSensor() {
        var plan = FeaturePlan.named("sensor");
        var state = plan.newState();
        double[] vector = new double[plan.size()];
        for (int i = 0; i < 200; i++) {
            plan.apply(
                    state, reading(plan, "r" + i, START + i * 60_000L, 21 + (i % 7) / 10.0), MerchantRisk.NONE, vector);
        }
        assertThat(value(plan, vector, "value_robust_z_shrunk")).isBetween(-2.0, 2.0);
        plan.apply(state, reading(plan, "x", START + 201 * 60_000L, -40), MerchantRisk.NONE, vector);
        assertThat(value(plan, vector, "value")).isEqualTo(-40);
        assertThat(value(plan, vector, "value_robust_z_shrunk")).isLessThan(-40);
        assertThat(plan.encode(plan.decode(plan.encode(state)))).isEqualTo(plan.encode(state));
    }

    @Test
    void plansDifferInTheirFingerprintsAndRefuseEachOthersStates() {
        var sensor = FeaturePlan.named("sensor");
        var transactions = FeaturePlan.named("transactions");
        assertThat(sensor.fingerprint()).isNotEqualTo(transactions.fingerprint());
        assertThatThrownBy(() -> sensor.decode(transactions.encode(transactions.newState())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another plan");
    }

    @Test
    void networkAccessRefusesANegativeAmount() {
        var decoder = new TransactionDecoder(FeaturePlan.named("network-access").schema());
        DecodeResult result = decoder.decode(
                "{\"event_id\":1,\"user\":\"u\",\"bytes\":-1,\"timestamp\":\"2026-03-02T10:00:00Z\"}".getBytes(UTF_8),
                START);
        assertThat(result).isInstanceOfSatisfying(Rejection.class, r -> {
            assertThat(r.reason()).isEqualTo(RejectionReason.NEGATIVE_AMOUNT);
            assertThat(r.detail()).contains("bytes");
        });
    }

    private static Transaction access(FeaturePlan plan, String id, long timeMs, double bytes, String host) {
        return decode(plan, """
                {"event_id":"%s","user":"u","bytes":%s,"timestamp":"%s","host":"%s","device":"d","source_ip":"10.0.0.1"}""".formatted(id, bytes, Instant.ofEpochMilli(timeMs), host), timeMs);
    }

    private static Transaction reading(FeaturePlan plan, String id, long timeMs, double value) {
        return decode(plan, """
                {"reading_id":"%s","sensor_id":7,"value":%s,"timestamp":"%s"}""".formatted(id, value, Instant.ofEpochMilli(timeMs)), timeMs);
    }

    private static Transaction decode(FeaturePlan plan, String json, long appendTimeMs) {
        return (Transaction) new TransactionDecoder(plan.schema()).decode(json.getBytes(UTF_8), appendTimeMs);
    }

    private static double value(FeaturePlan plan, double[] vector, String name) {
        for (int i = 0; i < vector.length; i++) {
            if (plan.features().get(i).name().equals(name)) {
                return vector[i];
            }
        }
        throw new AssertionError("no feature " + name);
    }
}
