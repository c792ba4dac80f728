package io.outrider.system;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.Assertions;

/**
 * Accounts of given names, each at a merchant of its own name, with a history, and with a payment far beyond it. Those of plain names are on phones, others on
 * devices called like them.
 */
final class OddTraffic {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DAYS = 12;
    private static final int AT_ONCE = 100;

    private final LocalOutrider outrider;
    /** Half past an hour, so that no account's payments of one moment are of two hours or days. */
    private final Instant newest = Instant.now()
            .minus(Duration.ofHours(1))
            .truncatedTo(ChronoUnit.HOURS)
            .plus(Duration.ofMinutes(30));

    private final Map<String, String> alerts = new HashMap<>();
    private long sent;
    private long spent;

    OddTraffic(LocalOutrider outrider) {
        this.outrider = outrider;
    }

    /** A payment a day. */
    void history(List<String> accounts) throws Exception {
        for (int day = DAYS; day > 0; day--) {
            Instant at = newest.minus(Duration.ofDays(day));
            List<String> lines = new ArrayList<>();
            for (String account : accounts) {
                lines.add(line(account, 20 + day % 3, at.plusSeconds(lines.size())));
            }
            post(lines);
        }
    }

    /** One payment of each that is nothing like the ones before. */
    void spend(List<String> accounts) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String account : accounts) {
            lines.add(line(account, 4_000 + lines.size(), newest.plusSeconds(spent)));
        }
        spent++;
        post(lines);
    }

    /** Returns once each of these accounts has an alert. */
    void awaitAlerts(List<String> accounts) {
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            outrider.get("/api/v1/alerts?limit=200")
                    .get("items")
                    .forEach(alert -> alerts.put(
                            alert.get("account").asText(), alert.get("id").asText()));
            Assertions.assertThat(alerts).as("accounts with an alert").containsKeys(accounts.toArray(String[]::new));
        });
    }

    /** The id of an account's alert that was waited for. */
    String alert(String account) {
        return Objects.requireNonNull(alerts.get(account), account);
    }

    /** How many alerts have a verdict. */
    int labelled(String verdict) throws Exception {
        return outrider.get("/api/v1/alerts?limit=200&label=" + verdict)
                .get("items")
                .size();
    }

    private String line(String account, double amount, Instant at) {
        ObjectNode event = JSON.createObjectNode();
        event.put("transaction_id", "odd-" + sent++);
        event.put("user_id", account);
        event.put("amount", amount);
        event.put("timestamp", at.toString());
        event.put("currency", "CHF");
        event.put("merchant_id", account);
        event.put("device_type", account.matches("\\w+-\\d+") ? "phone" : account);
        return event.toString();
    }

    private void post(List<String> lines) throws Exception {
        for (int from = 0; from < lines.size(); from += AT_ONCE) {
            String body = String.join("\n", lines.subList(from, Math.min(lines.size(), from + AT_ONCE)));
            Assertions.assertThat(outrider.post("/api/v1/transactions", "application/x-ndjson", body)
                            .statusCode())
                    .isEqualTo(202);
        }
    }
}
