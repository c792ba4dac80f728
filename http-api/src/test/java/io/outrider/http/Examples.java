package io.outrider.http;

import io.outrider.core.account.AccountView;
import io.outrider.core.account.ScoredTransaction;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.Attribution;
import io.outrider.core.alert.Counterfactual;
import io.outrider.core.alert.Receipt;
import io.outrider.core.alert.Severity;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.feature.Spending;
import io.outrider.core.feature.WindowSummary;
import io.outrider.core.model.ContextRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Accounts and alerts as the live path would give them out. */
final class Examples {

    static final long TIME_MS = Instant.parse("2026-03-01T12:34:56Z").toEpochMilli();

    private static final List<String> REASONS = List.of(
            "amount 912.40 is 11.3 robust deviations above this account's median 61.20",
            "transactions within 1 hour is 4 transactions, on average 2 a day",
            "first time at this merchant (m-9)",
            "at 03:12 UTC");

    private Examples() {}

    static Alert alert(int number, String account) {
        return alert(number, account, TIME_MS + number * 1_000L);
    }

    static Alert alert(int number, String account, long eventTimeMs) {
        LogPosition position = new LogPosition("g1", number % 8, number);
        Map<String, Double> vector = new LinkedHashMap<>();
        vector.put("amount", 912.40);
        vector.put("amount_robust_z", 11.3);
        vector.put("hour_sin", 0.72);
        vector.put("seconds_since_last", Double.NaN);
        Severity severity = List.of(Severity.LOW, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.CRITICAL)
                .get(Math.floorMod(number * 7 + number / 3, 5));
        double scale = 1 + number % 5;
        return new Alert(
                position.alertId(),
                new Transaction(
                        "t-" + number,
                        account,
                        182.48 * scale,
                        eventTimeMs,
                        "m-" + number % 40,
                        "mobile",
                        "203.0.113.7",
                        "EUR",
                        null),
                0.9987,
                0.995,
                severity,
                "forest-20260301-1",
                position.alertId(),
                number % 6 == 0 ? Double.NaN : 61.20,
                REASONS.subList(number % 3, 4),
                0.482,
                List.of(
                        new Attribution("amount_robust_z", "amount against the account's median", 11.3, 0.3511),
                        new Attribution("count_1h", "payments in the last hour", 4, 0.1402),
                        new Attribution("first_device", "first time on this device", 1, 0.0894),
                        new Attribution("merchant_risk_7d", "merchant risk over 7 days", Double.NaN, -0.0426),
                        new Attribution("hour_sin", "hour of day", 0.72, -0.0214)),
                number % 4 == 3
                        ? null
                        : new Counterfactual(
                                "amount_robust_z", "amount against the account's median", 11.3, 3.9, 0.9931),
                new Receipt(position, new ContextRef("forest-20260301-1", 3), "f00dfeed12345678", vector));
    }

    static AccountView account(String id, int transactions) {
        return account(id, transactions, TIME_MS);
    }

    static AccountView account(String id, int transactions, long lastEventMs) {
        List<ScoredTransaction> recent = new ArrayList<>();
        for (int i = 0; i < transactions; i++) {
            boolean flagged = i % 9 == 4;
            double amount = flagged ? 912.40 : 42 + (i * 37 % 50);
            recent.add(new ScoredTransaction(
                    "t-" + i,
                    lastEventMs - i * 5_400_000L,
                    amount,
                    i % 5 == 0 ? null : "m-" + i,
                    flagged ? 0.9987 : 0.31 + i % 7 * 0.05,
                    flagged ? "g1-" + i % 8 + "-" + i : null,
                    i == 7));
        }
        return new AccountView(
                id,
                3,
                1_284,
                81_220.55,
                lastEventMs - 86_400_000L * 90,
                lastEventMs,
                transactions == 0 ? Double.NaN : 61.20,
                "9f2c".repeat(16),
                List.of(
                        new WindowSummary(Duration.ofHours(1), 0, 0, Double.NaN),
                        new WindowSummary(Duration.ofHours(24), 2, 122.4, 61.2),
                        new WindowSummary(Duration.ofDays(7), 14, 871.5, 62.25),
                        new WindowSummary(Duration.ofDays(30), 61, 3_790.1, 62.13)),
                recent,
                List.of(
                        new Spending(Duration.ofHours(24), lastEventMs - 7_200_000, lastEventMs, 2, 122.4),
                        new Spending(Duration.ofDays(30), lastEventMs - 172_800_000, lastEventMs, 61, 3_790.1)),
                2);
    }
}
