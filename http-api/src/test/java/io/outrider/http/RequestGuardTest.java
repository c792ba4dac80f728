package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestGuardTest {

    private static final String PATH = "/api/v1/transactions";

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "127.0.0.1.evil.example",
                "192.168.1.5",
                "localhost.evil.example"
            })
    void aForeignHostIsNotServed(String host) {
        String answer = server.raw("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 421")
                .contains("misdirected-request")
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.1.2.3", "[::1]:8080"})
    void everyLoopbackNameIsServed(String host) {
        String answer = server.raw("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, null",
        "Origin, http://localhost:1",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
    })
    void aPageOfAnotherOriginChangesNothing(String header, String value) {
        var response = server.send("POST", PATH, "[]", "Content-Type", "application/json", header, value);

        Problems.of(response, 403, "foreign-origin");
        assertThat(server.node.submitted()).isEmpty();
    }

    @Test
    void theConsoleItselfMayPost() {
        String origin = "http://127.0.0.1:" + server.port();

        var response = server.send(
                "POST",
                PATH,
                "[]",
                "Content-Type",
                "application/json",
                "Origin",
                origin,
                "Sec-Fetch-Site",
                "same-origin");

        assertThat(response.statusCode()).isEqualTo(202);
    }

    @Test
    void aMalformedRequestIsAProblemToo() {
        String answer = server.raw("GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("urn:outrider:problem:bad-request");
    }

    @Test
    void aMalformedQueryIsAProblemToo() {
        String answer =
                server.raw("GET /api/v1/alerts?limit=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }
}
