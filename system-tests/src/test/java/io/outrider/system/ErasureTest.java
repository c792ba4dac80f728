package io.outrider.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account is erased from a running Outrider, and stays so when that is killed and started again. */
class ErasureTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void whatAnAccountHadIsGoneAndDoesNotComeBackWithAKill() throws Exception {
        try (LocalOutrider outrider = new LocalOutrider(folder.resolve("data"), "--rate", "200").start()) {
            await().atMost(PATIENCE)
                    .until(() ->
                            !outrider.get("/api/v1/alerts?limit=1").get("items").isEmpty());
            JsonNode alert = outrider.get("/api/v1/alerts?limit=1").get("items").get(0);
            String account = alert.get("account").asText();
            String id = alert.get("id").asText();
            String firstBefore = firstEvent(outrider, account);

            HttpResponse<String> erased = send(outrider, "DELETE", "/api/v1/accounts/" + account);
            assertThat(erased.statusCode()).as(erased.body()).isEqualTo(202);
            assertThat(erased.body()).doesNotContain(account);
            assertThat(status(outrider, "/api/v1/alerts/" + id)).isEqualTo(404);
            String erasure = erased.headers().firstValue("Location").orElseThrow();
            await().atMost(PATIENCE)
                    .until(() -> outrider.get(erasure).get("finished").asBoolean());
            assertThat(firstEvent(outrider, account)).isNotEqualTo(firstBefore);

            outrider.kill();
            outrider.start();

            assertThat(status(outrider, "/api/v1/alerts/" + id)).isEqualTo(404);
            assertThat(firstEvent(outrider, account)).isNotEqualTo(firstBefore);
            assertThat(outrider.get(erasure).get("requestedBy").asText()).isEqualTo("local");
        }
    }

    /** When the account's first event happened; empty where the account is not known. */
    private String firstEvent(LocalOutrider outrider, String account) throws Exception {
        return status(outrider, "/api/v1/accounts/" + account) == 404
                ? ""
                : outrider.get("/api/v1/accounts/" + account)
                        .get("firstEventAt")
                        .asText();
    }

    private int status(LocalOutrider outrider, String path) throws Exception {
        return send(outrider, "GET", path).statusCode();
    }

    private HttpResponse<String> send(LocalOutrider outrider, String method, String path) throws Exception {
        URI address = outrider.uri(path);
        return client.send(
                HttpRequest.newBuilder(address)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
