package io.outrider.core.feature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.event.Transaction;
import io.outrider.core.risk.MerchantRiskLedger;
import io.outrider.core.risk.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds what every feature of every shipped plan computes, bit for bit, over a fixed history of several accounts. If it fails on purpose, raise
 * {@link FeaturePlan#SEMANTICS_VERSION}, run with {@code -Dgolden.write=src/test/resources/golden} and review the difference.
 */
class GoldenVectorsTest {

    private static final int EVENTS = 240;
    private static final long START = Instant.parse("2026-03-01T21:30:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000L;

    @ParameterizedTest
    @ValueSource(strings = {"transactions", "network-access", "sensor"})
    void everyFeatureIsWhatItAlwaysWas(String name) {
        List<String> lines = vectors(FeaturePlan.named(name));
        String target = System.getProperty("golden.write");
        if (target != null) {
            write(Path.of(target, name + ".txt"), lines);
        }
        assertThat(lines).isEqualTo(golden(name));
    }

    @Test
    void everyFeatureOfTheDefaultPlanVariesOrIsKnown() {
        List<String> lines = vectors(FeaturePlan.named("transactions"));
        String missing = bits(Double.NaN);
        int features = FeaturePlan.named("transactions").size();
        for (int feature = 0; feature < features; feature++) {
            int column = feature + 1;
            List<String> values = lines.subList(2, lines.size() - 5).stream()
                    .map(line -> line.split(" ", -1)[column])
                    .distinct()
                    .toList();
            assertThat(values)
                    .as(FeaturePlan.named("transactions")
                            .features()
                            .get(feature)
                            .name())
                    .hasSizeGreaterThan(1)
                    .anyMatch(value -> !value.equals(missing));
        }
    }

    /** The plan's fingerprint and feature names, a line for each event, and each account's state. */
    private static List<String> vectors(FeaturePlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add("fingerprint " + plan.fingerprint());
        lines.add("account "
                + String.join(" ", plan.features().stream().map(Feature::name).toList()));
        Map<String, FeatureState> states = new TreeMap<>();
        var ledger = new MerchantRiskLedger(100);
        double[] vector = new double[plan.size()];
        for (Transaction event : history(plan.schema().negativeAmounts())) {
            FeatureState state = states.computeIfAbsent(event.account(), account -> plan.newState());
            ledger.advanceTo(event.eventTimeMs());
            plan.apply(state, event, ledger, vector);
            ledger.transaction(event.merchant(), event.eventTimeMs());
            ledger.verdict(new Verdict(
                    event.account(),
                    event.merchant(),
                    event.eventTimeMs(),
                    Boolean.TRUE.equals(event.fraud()),
                    !state.surgedAt(event.eventTimeMs()),
                    event.eventTimeMs() + 60 * HOUR));
            var line = new StringBuilder(event.account());
            for (double value : vector) {
                line.append(' ').append(bits(value));
            }
            lines.add(line.toString());
        }
        states.forEach((account, state) ->
                lines.add("state " + account + ' ' + HexFormat.of().formatHex(plan.encode(state))));
        return lines;
    }

    /** Five accounts over some weeks: bursts, pauses, late events, repeated ids, absent names, large and odd amounts. */
    private static List<Transaction> history(boolean negativeAmounts) {
        var random = new SplittableRandom(20260301);
        List<Transaction> events = new ArrayList<>();
        long now = START;
        for (int i = 0; i < EVENTS; i++) {
            now += random.nextInt(5) == 0 ? random.nextLong(20 * HOUR) : random.nextLong(HOUR / 4);
            long time = random.nextInt(12) == 0 ? now - random.nextLong(i > 200 ? 50 * 24 * HOUR : 30 * HOUR) : now;
            double amount = random.nextInt(10) == 0 ? random.nextDouble() * 900 : 10 + random.nextInt(6000) / 100.0;
            events.add(new Transaction(
                    "t" + (random.nextInt(15) == 0 && i > 0 ? i - 1 - i % 2 : i),
                    "account-" + (i % 11 == 0 ? 4 : random.nextInt(4)),
                    negativeAmounts && random.nextInt(9) == 0 ? -amount : amount,
                    time,
                    random.nextInt(10) == 0 ? null : "merchant-" + random.nextInt(12),
                    random.nextInt(10) == 0 ? null : "device-" + random.nextInt(3),
                    random.nextInt(10) == 0 ? null : "10.0.0." + random.nextInt(20),
                    null,
                    random.nextInt(8) == 0));
        }
        return events;
    }

    private static String bits(double value) {
        return Double.isNaN(value) ? "nan" : Long.toHexString(Double.doubleToLongBits(value));
    }

    private static List<String> golden(String name) {
        try (InputStream in = GoldenVectorsTest.class.getResourceAsStream("/golden/" + name + ".txt")) {
            assertThat(in).as("golden file of " + name).isNotNull();
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
