package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.port.UnavailableException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccountRoutesTest {

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void thePopulationIsToldAsDistributionsOfOrdinaryAndFlaggedTransactions() {
        server.node.add(Examples.account("4711", 12));
        server.node.add(Examples.account("4712", 3));
        server.node.add(Examples.alert(4, "4711"));

        JsonNode population = TestServer.json(server.get("/api/v1/monitoring/population"));

        assertThat(population.get("accounts").asInt()).isEqualTo(2);
        assertThat(population.get("ordinary").asInt())
                .as("one of fifteen raised an alert")
                .isEqualTo(14);
        assertThat(population.get("flagged").asInt()).isEqualTo(1);
        JsonNode amount = population.get("amount");
        assertThat(amount.get("ordinary"))
                .hasSameSizeAs(amount.get("flagged"))
                .hasSize(population.get("amountBounds").size() + 1);
        assertThat(sum(amount.get("ordinary"))).isEqualTo(14);
        assertThat(sum(population.get("hour").get("ordinary"))).isEqualTo(14);
        assertThat(sum(population.get("hour").get("flagged"))).isEqualTo(1);
        assertThat(sum(population.get("usualAmount"))).isEqualTo(2);
        JsonNode devicesUsed = population.get("devicesUsed");
        assertThat(devicesUsed.get("ordinary").get(2).asInt()).isEqualTo(1);
        assertThat(devicesUsed.get("flagged").get(2).asInt()).isEqualTo(1);
        assertThat(population.get("devices").get(0).get("flagged").asInt()).isEqualTo(1);
    }

    private static int sum(JsonNode counts) {
        int sum = 0;
        for (JsonNode count : counts) {
            sum += count.asInt();
        }
        return sum;
    }

    @Test
    void anAccountIsToldInFull() {
        server.node.add(Examples.account("4711", 12));
        server.node.add(Examples.alert(4, "4711"));
        server.node.add(Examples.alert(5, "other"));

        JsonNode account = TestServer.json(server.get("/api/v1/accounts/4711"));

        assertThat(account.get("account").asText()).isEqualTo("4711");
        assertThat(account.get("partition").asInt()).isEqualTo(3);
        assertThat(account.get("events").asLong()).isEqualTo(1_284);
        assertThat(account.get("amountTotal").asDouble()).isEqualTo(81_220.55);
        assertThat(account.get("firstEventAt").asText()).isEqualTo("2025-12-01T12:34:56Z");
        assertThat(account.get("lastEventAt").asText()).isEqualTo("2026-03-01T12:34:56Z");
        assertThat(account.get("usualAmount").asDouble()).isEqualTo(61.20);
        assertThat(account.get("stateHash").asText()).hasSize(64);
        assertThat(account.get("windows").get(1).get("window").asText()).isEqualTo("PT24H");
        assertThat(account.get("windows").get(0).get("mean").isNull()).isTrue();
        assertThat(account.get("spending").get(1).get("window").asText()).isEqualTo("PT720H");
        assertThat(account.get("spending").get(1).get("sum").asDouble()).isEqualTo(3_790.1);
        assertThat(account.get("recentTransactions")).hasSize(12);
        assertThat(account.get("recentTransactions").get(4).get("score").asDouble())
                .isEqualTo(0.9987);
        assertThat(account.get("recentTransactions").get(4).get("alertId").asText())
                .isEqualTo("g1-4-4");
        assertThat(account.get("recentTransactions").get(0).get("merchant").isNull())
                .isTrue();
        assertThat(account.get("recentAlerts")).hasSize(1);
        assertThat(account.get("recentAlerts").get(0).get("id").asText()).isEqualTo("g1-4-4");
    }

    @Test
    void anAccountWithoutHistoryHasNoUsualAmountRatherThanNaN() {
        server.node.add(Examples.account("young", 0));

        assertThat(TestServer.json(server.get("/api/v1/accounts/young"))
                        .get("usualAmount")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "ключ", "口座", "a%2Fb", "a?b#c", "a+b", "<b>&\"'"})
    void idsOfAnyCharactersAreFound(String id) {
        server.node.add(Examples.account(id, 1));
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");

        assertThat(TestServer.json(server.get("/api/v1/accounts/" + encoded))
                        .get("account")
                        .asText())
                .isEqualTo(id);
    }

    @Test
    void anUnknownAccountIsNamed() {
        JsonNode problem = Problems.of(server.get("/api/v1/accounts/nobody"), 404, "unknown-account");

        assertThat(problem.get("field").asText()).isEqualTo("account");
        assertThat(problem.get("value").asText()).isEqualTo("nobody");
        assertThat(problem.get("instance").asText()).isEqualTo("/api/v1/accounts/nobody");
    }

    @Test
    void pagesTogetherHoldEachAccountOnce() {
        addAccounts(47);

        List<String> seen = new ArrayList<>();
        String next = "";
        int pages = 0;
        do {
            JsonNode page = TestServer.json(server.get("/api/v1/accounts?limit=10" + next));
            page.get("items").forEach(item -> seen.add(item.get("account").asText()));
            next = page.get("next").isNull()
                    ? ""
                    : "&cursor=" + page.get("next").asText();
            pages++;
        } while (!next.isEmpty());

        assertThat(pages).isEqualTo(5);
        assertThat(seen).hasSize(47).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aLastPageThatIsExactlyFullHasNoNext() {
        addAccounts(20);

        JsonNode page = TestServer.json(server.get("/api/v1/accounts?limit=20"));

        assertThat(page.get("items")).hasSize(20);
        assertThat(page.get("next").isNull()).isTrue();
    }

    @Test
    void theExportStreamsAllAccountsAsLines() {
        addAccounts(1_203);

        var response = server.get("/api/v1/accounts", "Accept", "application/x-ndjson");

        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(response.body()
                        .lines()
                        .map(line -> TestServer.json(line).get("account").asText()))
                .hasSize(1_203)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void theExportHonoursALimit() {
        addAccounts(30);

        var response = server.get("/api/v1/accounts?limit=7", "Accept", "application/x-ndjson");

        assertThat(response.body().lines()).hasSize(7);
    }

    @Test
    void anExportOfNothingIsEmpty() {
        assertThat(server.get("/api/v1/accounts", "Accept", "application/x-ndjson")
                        .body())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "21", "ten", "1.5", "99999999999", ""})
    void aLimitThatIsNoneIsNamed(String limit) {
        JsonNode problem = Problems.of(server.get("/api/v1/accounts?limit=" + limit), 400, "invalid-parameter");

        assertThat(problem.get("field").asText()).isEqualTo("limit");
        assertThat(problem.get("value").asText()).isEqualTo(limit);
    }

    @Test
    void aRepeatedParameterIsRefused() {
        Problems.of(server.get("/api/v1/accounts?limit=1&limit=2"), 400, "invalid-parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "!!!", "YQ", "Yf-_"})
    void aMadeUpCursorIsRefused(String cursor) {
        JsonNode problem = Problems.of(server.get("/api/v1/accounts?cursor=" + cursor), 400, "invalid-cursor");

        assertThat(problem.get("field").asText()).isEqualTo("cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/accounts", "/api/v1/accounts/4711"})
    void aMovingPartitionIsUnavailableWithTimeToRetry(String path) {
        server.node.failWith(new UnavailableException("partition 3 is moving"));

        var response = server.get(path);

        JsonNode problem = Problems.of(response, 503, "unavailable");
        assertThat(problem.get("detail").asText()).isEqualTo("partition 3 is moving");
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
    }

    @Test
    void aDefectIsToldWithoutItsInsides() {
        server.node.failWith(new IllegalStateException("secret detail"));

        var response = server.get("/api/v1/accounts/4711");

        JsonNode problem = Problems.of(response, 500, "internal-error");
        assertThat(problem.get("errorId").asText()).hasSize(36);
        assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
    }

    private void addAccounts(int count) {
        for (int i = 0; i < count; i++) {
            server.node.add(Examples.account("acct-%05d".formatted(i), 0));
        }
    }
}
