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
            long eventsBefore = events(outrider, account);

            HttpResponse<String> erased = send(outrider, "DELETE", "/api/v1/accounts/" + account);
            assertThat(erased.statusCode()).as(erased.body()).isEqualTo(202);
            assertThat(erased.body()).doesNotContain(account);
            assertThat(status(outrider, "/api/v1/alerts/" + id)).isEqualTo(404);
            String erasure = erased.headers().firstValue("Location").orElseThrow();
            await().atMost(PATIENCE)
                    .until(() -> outrider.get(erasure).get("finished").asBoolean());
            assertThat(events(outrider, account)).isLessThan(Math.max(eventsBefore, 1));

            outrider.kill();
            outrider.start();

            assertThat(status(outrider, "/api/v1/alerts/" + id)).isEqualTo(404);
            assertThat(events(outrider, account)).isLessThan(Math.max(eventsBefore, 1));
            assertThat(outrider.get(erasure).get("requestedBy").asText()).isEqualTo("local");
        }
    }

    /** How many events the account has; 0 where it is not known. */
    private long events(LocalOutrider outrider, String account) throws Exception {
        return status(outrider, "/api/v1/accounts/" + account) == 404
                ? 0
                : outrider.get("/api/v1/accounts/" + account).get("events").asLong();
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
