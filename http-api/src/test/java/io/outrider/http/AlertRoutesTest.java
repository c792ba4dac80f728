package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.event.Label;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AlertRoutesTest {

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anAlertIsTheDocumentOfTheTopic() {
        Alert alert = Examples.alert(1, "4711");
        server.node.add(alert);

        var response = server.get("/api/v1/alerts/" + alert.id());

        assertThat(response.statusCode()).isEqualTo(200);
        String document = new String(AlertCodec.encode(alert), StandardCharsets.UTF_8);
        assertThat(response.body().trim()).isEqualTo(document.substring(0, document.length() - 1) + ",\"label\":null}");
    }

    @Test
    void theLabelThatCountsIsShownAndAllOfThemAreListed() {
        Alert alert = Examples.alert(1, "4711");
        server.node.add(alert);
        server.node.add(label(alert, true, "ann", 1));
        server.node.add(label(alert, false, "bob", 2));

        JsonNode shown = TestServer.json(server.get("/api/v1/alerts/" + alert.id()));
        JsonNode labels = TestServer.json(server.get("/api/v1/alerts/" + alert.id() + "/labels"));

        assertThat(shown.at("/label/verdict").asText()).isEqualTo("genuine");
        assertThat(labels.at("/counting/by").asText()).isEqualTo("bob");
        assertThat(labels.at("/history/0/by").asText()).isEqualTo("ann");
        assertThat(labels.get("history")).hasSize(2);
    }

    @Test
    void alertsAreFoundByWhatIsAskedOfThem() {
        for (int i = 0; i < 20; i++) {
            server.node.add(Examples.alert(i, "a" + i % 2));
        }

        JsonNode page = TestServer.json(
                server.get(
                        "/api/v1/alerts?severity=high,critical&account=a1&reason=count_1h&from=2026-03-01T12:34:58Z&sort=amount"));

        assertThat(page.get("items")).isNotEmpty().allSatisfy(item -> {
            assertThat(item.get("severity").asText()).isIn("high", "critical");
            assertThat(item.get("account").asText()).isEqualTo("a1");
        });
        assertThat(TestServer.json(server.get("/api/v1/alerts?reason=hour_sin")).get("items"))
                .isEmpty();
        for (String bad : List.of("severity=urgent", "from=yesterday", "sort=account", "label=maybe", "format=xml")) {
            JsonNode problem = Problems.of(server.get("/api/v1/alerts?" + bad), 400, "invalid-parameter");
            assertThat(problem.get("field").asText()).isEqualTo(bad.substring(0, bad.indexOf('=')));
        }
    }

    @Test
    void allAlertsLeaveAsLinesOrAsATable() {
        for (int i = 0; i < 25; i++) {
            server.node.add(Examples.alert(i, i == 3 ? "=1+1" : "a"));
        }

        var lines = server.get("/api/v1/alerts", "Accept", "application/x-ndjson");
        var table = server.get("/api/v1/alerts?format=csv");

        assertThat(lines.body().lines())
                .hasSize(25)
                .allMatch(line -> TestServer.json(line).has("receipt"));
        assertThat(table.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        assertThat(table.body().lines()).hasSize(26).first().asString().startsWith("id,event_time,account");
        assertThat(table.body()).contains(",'=1+1,").doesNotContain(",=1+1,");
        assertThat(table.body())
                .contains("on average 2 a day | first time at this merchant"); // as batch-score parts them
        assertThat(server.get("/api/v1/alerts?format=csv&limit=3").body().lines())
                .hasSize(4);
    }

    @Test
    void anAlertIsComparedAndScoredAgain() {
        Alert alert = Examples.alert(1, "4711");
        server.node.add(alert);
        server.node.add(Examples.alert(2, "4711"));

        JsonNode similar = TestServer.json(server.get("/api/v1/alerts/" + alert.id() + "/similar"));
        JsonNode replay = TestServer.json(server.post("/api/v1/alerts/" + alert.id() + "/replay", "text/plain", ""));

        assertThat(similar.at("/items/0/alert/transactionId").asText()).isEqualTo("t-2");
        assertThat(replay.get("equal").asBoolean()).isTrue();
        assertThat(replay.get("replayedScore").asDouble()).isEqualTo(alert.score());
        Problems.of(server.post("/api/v1/alerts/nobody/replay", "text/plain", ""), 404, "unknown-alert");
        Problems.of(server.get("/api/v1/alerts/nobody/labels"), 404, "unknown-alert");
    }

    private static Label label(Alert alert, boolean fraud, String by, int version) {
        return new Label(
                alert.transaction().transactionId(),
                alert.transaction().account(),
                null,
                Examples.TIME_MS,
                fraud,
                by,
                version,
                Examples.TIME_MS + version);
    }

    @Test
    void alertsComeNewestFirstPageByPage() {
        for (int i = 0; i < 25; i++) {
            server.node.add(Examples.alert(i, "a" + i % 2));
        }

        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = TestServer.json(server.get("/api/v1/alerts?limit=10" + next));
            page.get("items").forEach(item -> seen.add(item.get("transactionId").asText()));
            next = page.get("next").isNull()
                    ? ""
                    : "&cursor=" + page.get("next").asText();
        } while (!next.isEmpty());

        assertThat(seen)
                .hasSize(25)
                .doesNotHaveDuplicates()
                .startsWith("t-24", "t-23")
                .endsWith("t-0");
    }

    @Test
    void alertsOfOneAccountAreFiltered() {
        server.node.add(Examples.alert(1, "a/1"));
        server.node.add(Examples.alert(2, "b"));

        JsonNode page = TestServer.json(server.get("/api/v1/alerts?account=a%2F1"));

        assertThat(page.get("items")).hasSize(1);
        assertThat(page.get("items").get(0).get("account").asText()).isEqualTo("a/1");
    }

    @Test
    void withoutAlertsTheListIsEmpty() {
        JsonNode page = TestServer.json(server.get("/api/v1/alerts"));

        assertThat(page.get("items")).isEmpty();
        assertThat(page.get("next").isNull()).isTrue();
    }

    @Test
    void anUnknownAlertIsNamed() {
        JsonNode problem = Problems.of(server.get("/api/v1/alerts/g9-0-0"), 404, "unknown-alert");

        assertThat(problem.get("value").asText()).isEqualTo("g9-0-0");
    }

    @Test
    void aMadeUpCursorIsRefused() {
        Problems.of(server.get("/api/v1/alerts?cursor=nonsense"), 400, "invalid-cursor");
    }
}
