package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
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
        assertThat(response.body().trim()).isEqualTo(new String(AlertCodec.encode(alert), StandardCharsets.UTF_8));
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
