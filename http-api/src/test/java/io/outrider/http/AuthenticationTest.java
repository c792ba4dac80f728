package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.outrider.core.alert.Alert;
import io.outrider.http.access.TokenIssuer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthenticationTest {

    private final TokenIssuer issuer = new TokenIssuer();
    private final TestServer server = new TestServer(with(
            TestServer.authentication(issuer),
            Map.of("authentication.keys-min-refresh-interval", "200 ms", "authentication.roles-claim", "roles")));

    @AfterEach
    void stop() {
        server.close();
        issuer.close();
    }

    @Test
    void aRefusalSaysWhatIsMissingAndNeverTheToken() {
        var nobody = server.get("/api/v1/alerts");
        Problems.of(nobody, 401, "unauthenticated");
        assertThat(nobody.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"outrider\"");

        String expired = issuer.expired("viewer");
        var late = get("/api/v1/alerts", expired);
        assertThat(Problems.of(late, 401, "invalid-token").get("detail").asText())
                .endsWith("It has expired.")
                .doesNotContain(expired.substring(0, 20));
        assertThat(late.headers().firstValue("WWW-Authenticate").orElse("")).contains("error=\"invalid_token\"");

        var viewer = server.send(
                "POST",
                "/api/v1/transactions",
                "[]",
                "Content-Type",
                "application/json",
                "Authorization",
                "Bearer " + issuer.token("viewer"));
        assertThat(Problems.of(viewer, 403, "forbidden").get("detail").asText())
                .isEqualTo("This needs the role operator; the token carries viewer.");
        assertThat(viewer.headers().firstValue("WWW-Authenticate").orElse("")).contains("insufficient_scope");
    }

    @Test
    void theConsoleLearnsHowToSignInAndMayTalkToTheAuthorityOnly() {
        assertThat(TestServer.json(server.get("/console/config")).toString()).isEqualTo("{\"mode\":\"oidc\"}");
        assertThat(policy(server)).contains("connect-src 'self';");
        Map<String, Object> signIn = Map.of(
                "authentication.console.client-id",
                "desk",
                "authentication.console.authority",
                "https://login.example/tenant/v2.0");
        try (TestServer desk = new TestServer(with(TestServer.authentication(issuer), signIn))) {
            assertThat(TestServer.json(desk.get("/console/config")).toString())
                    .isEqualTo("{\"mode\":\"oidc\",\"authority\":\"https://login.example/tenant/v2.0\","
                            + "\"clientId\":\"desk\",\"scope\":\"openid profile\"}");
            assertThat(policy(desk)).contains("connect-src 'self' https://login.example;");
            assertThat(desk.get("/api/v1/alerts")
                            .headers()
                            .firstValue("Content-Security-Policy")
                            .orElse(""))
                    .contains("connect-src 'self';");
        }
        try (TestServer open = new TestServer()) {
            assertThat(TestServer.json(open.get("/console/config")).toString()).isEqualTo("{\"mode\":\"none\"}");
        }
    }

    @Test
    void anAuthorityThatCouldBeReadOnTheWayIsRefused() {
        Map<String, Object> plain = Map.of(
                "authentication.console.client-id", "desk", "authentication.console.authority", "http://login.example");
        assertThatThrownBy(() -> TestServer.settingsOf(with(TestServer.authentication(issuer), plain)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("authentication.console.authority")
                .hasMessageContaining("http://login.example");
    }

    private static String policy(TestServer server) {
        return server.get("/").headers().firstValue("Content-Security-Policy").orElse("");
    }

    @ParameterizedTest
    @CsvSource({"Basic dXNlcjpwYXNz", "Bearer", "Bearer a.b", "Bearer a.b.c", "Bearer ....", "Token x"})
    void whatIsNoTokenIsRefused(String authorization) {
        assertThat(server.get("/api/v1/alerts", "Authorization", authorization).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aStreamEndsWithItsToken() {
        Map<String, Object> noSkew = Map.of("authentication.clock-skew", "0 s");
        try (TestServer strict = new TestServer(with(TestServer.authentication(issuer), noSkew))) {
            String brief = issuer.signed(issuer.claims("viewer")
                    .expirationTime(Date.from(Instant.now().plusSeconds(2)))
                    .build());

            var stream = strict.get("/api/v1/alerts/stream", "Authorization", "Bearer " + brief);

            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.body()).as("ended, and not by the client").contains(": connected");
        }
    }

    @Test
    void nobodyLabelsOrPromotesInAnothersName() {
        Alert alert = Examples.alert(1, "4711");
        server.node.add(alert);
        String token = "Bearer " + issuer.token("operator");
        String subject = issuer.claims("operator").build().getSubject();

        server.send(
                "POST",
                "/api/v1/alerts/" + alert.id() + "/label",
                "{\"verdict\":\"fraud\",\"by\":\"ann\"}",
                "Authorization",
                token,
                "Content-Type",
                "application/json");
        assertThat(new String(server.node.submitted().get(0), StandardCharsets.UTF_8))
                .contains("\"by\":\"ann (" + subject + ")\"");

        String label = "{\"transaction_id\":\"t\",\"account\":\"4711\",\"event_time\":\"2026-03-01T11:00:00Z\","
                + "\"verdict\":\"fraud\",\"by\":\"ann\",\"version\":1,\"more\":0}";
        var many = server.send(
                "POST",
                "/api/v1/labels",
                // The second is valid to the intake, though what signs cannot read it; the third goes on.
                String.join("\n", label, label.replace(":0}", ":" + "1".repeat(2_000) + "}"), label + " {}"),
                "Authorization",
                token,
                "Content-Type",
                "application/x-ndjson");
        assertThat(TestServer.json(many).get("accepted").asInt()).isEqualTo(1);
        assertThat(new String(server.node.submitted().get(1), StandardCharsets.UTF_8))
                .isEqualTo(label.replace("\"ann\"", "\"ann (" + subject + ")\""));

        var forced = server.send(
                "POST",
                "/api/v1/models/m2/promote",
                "{\"force\":true}",
                "Authorization",
                token,
                "Content-Type",
                "application/json");
        assertThat(TestServer.json(forced).at("/audit/0/by").asText()).isEqualTo(subject);
    }

    @Test
    void twoTokensAreNone() {
        String good = "Authorization: Bearer " + issuer.token("viewer") + "\r\n";

        String answer = server.raw(
                "GET /api/v1/alerts HTTP/1.1\r\nHost: localhost\r\n" + good + good + "Connection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 401");
    }

    @Test
    void ourAudienceMayBeOneOfSeveral() {
        var several = issuer.claims("viewer")
                .audience(List.of("api://another", TokenIssuer.AUDIENCE))
                .build();
        var others = issuer.claims("viewer")
                .audience(List.of("api://another", "api://third"))
                .build();

        assertThat(get("/api/v1/alerts", issuer.signed(several)).statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/alerts", issuer.signed(others)).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenInTheAddressIsNoToken() {
        assertThat(server.get("/api/v1/alerts?access_token=" + issuer.token("viewer"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void clocksMayDifferByTheSkew() {
        var now = Instant.now();
        String justExpired = issuer.signed(issuer.claims("viewer")
                .expirationTime(Date.from(now.minusSeconds(30)))
                .build());
        String almostValid = issuer.signed(issuer.claims("viewer")
                .notBeforeTime(Date.from(now.plusSeconds(30)))
                .build());

        assertThat(get("/api/v1/alerts", justExpired).statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/alerts", almostValid).statusCode()).isEqualTo(200);
    }

    @Test
    void rolesMayAlsoBeATextWithBlanks() {
        String token = issuer.signed(
                issuer.claims().claim("roles", "sailor analyst viewer").build());

        assertThat(get("/api/v1/alerts", token).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "exp", "iss", "aud"})
    void aTokenWithoutARequiredClaimIsRefused(String claim) {
        String token =
                issuer.signed(issuer.claims("operator").claim(claim, null).build());

        Problems.of(get("/api/v1/alerts", token), 401, "invalid-token");
    }

    @Test
    void aRotatedKeyIsFetchedWhenATokenNamesItAndTheOldOneIsRefused() {
        String old = issuer.token("viewer");
        assertThat(get("/api/v1/alerts", old).statusCode()).isEqualTo(200);
        assertThat(issuer.fetches()).isEqualTo(1);

        issuer.rotate("second");
        String fresh = issuer.token("viewer");

        assertThat(get("/api/v1/alerts", fresh).statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/alerts", old).statusCode()).isEqualTo(401);
    }

    @Test
    void unknownKeyIdsDoNotHaveTheKeysFetchedAtEveryRequest() {
        try (TestServer calm = TestServer.withTokensOf(issuer)) {
            String good = "Bearer " + issuer.token("viewer");
            String unknown = "Bearer " + issuer.ofAnUnknownKey("viewer");
            calm.get("/api/v1/alerts", "Authorization", good);

            for (int i = 0; i < 20; i++) {
                assertThat(calm.get("/api/v1/alerts", "Authorization", unknown).statusCode())
                        .isEqualTo(401);
            }

            assertThat(issuer.fetches()).isLessThanOrEqualTo(3);
            assertThat(calm.get("/api/v1/alerts", "Authorization", good).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anIssuerThatIsAwayIsNotTheCallersFault() {
        String token = issuer.token("viewer");
        issuer.close();

        Problems.of(get("/api/v1/alerts", token), 503, "unavailable");
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void keysServeOnWhileTheIssuerIsAway() {
        String token = issuer.token("viewer");
        assertThat(get("/api/v1/alerts", token).statusCode()).isEqualTo(200);
        issuer.close();

        assertThat(get("/api/v1/alerts", token).statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/alerts", issuer.ofAnUnknownKey("viewer")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void theEventStreamTakesTheTokenInItsHeader() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(server.uri("/api/v1/alerts/stream"))
                .header("Authorization", "Bearer " + issuer.token("viewer"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try (InputStream stream =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            await().until(() -> server.node.subscribers() == 1);
            server.node.add(Examples.alert(1, "a"));
            StringBuilder read = new StringBuilder();
            while (read.indexOf("event: alert") < 0) {
                read.append((char) stream.read());
            }
            assertThat(read).contains("id: c1");
        }
        assertThat(server.get("/api/v1/alerts/stream").statusCode()).isEqualTo(401);
    }

    @Test
    void healthAndMetricsHaveAPortWithoutTokensWhereItIsSet() throws IOException, InterruptedException {
        HttpSettings settings = TestServer.settingsOf(
                with(TestServer.authentication(issuer), Map.of("operations.port", 0, "operations.host", "127.0.0.1")));
        var api = new HttpApi(server.system(), settings, server.node.ports(), Clock.systemUTC());
        var binding = api.bindOperations().orElseThrow().toCompletableFuture().join();
        String base = "http://127.0.0.1:" + binding.localAddress().getPort();

        for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
            assertThat(status(base + path)).as(path).isEqualTo(200);
        }
        for (String path : List.of("/api/v1/alerts", "/", "/console/app.js")) {
            assertThat(status(base + path)).as(path).isEqualTo(404);
        }
        assertThat(server.get("/metrics").statusCode()).isEqualTo(401);
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(401);
    }

    @Test
    void listeningBeyondLoopbackNeedsAuthenticationAndNames() {
        assertThatThrownBy(() -> TestServer.settingsOf(Map.of("host", "0.0.0.0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.http.host")
                .hasMessageContaining("outrider.http.authentication.mode");
        assertThatThrownBy(
                        () -> TestServer.settingsOf(with(TestServer.authentication(issuer), Map.of("host", "0.0.0.0"))))
                .hasMessageContaining("outrider.http.allowed-hosts");

        HttpSettings open = TestServer.settingsOf(with(
                TestServer.authentication(issuer),
                Map.of("host", "0.0.0.0", "allowed-hosts", "Outrider.Example, other.example")));
        assertThat(open.allowedHosts()).containsExactlyInAnyOrder("outrider.example", "other.example");
    }

    @ParameterizedTest
    @CsvSource({
        "authentication.issuer, ''",
        "authentication.audience, ''",
        "authentication.jwks-url, ''",
        "authentication.jwks-url, http://issuer.example/keys",
        "authentication.jwks-url, file:///etc/passwd",
        "authentication.clock-skew, 1 h",
        "authentication.keys-max-age, 1 s",
        "authentication.keys-outage-limit, 1 s",
    })
    void aBadAuthenticationSettingIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> TestServer.settingsOf(with(TestServer.authentication(issuer), Map.of(key, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.http." + key);
    }

    @Test
    void namesOfTheSettingsAreServed() {
        Map<String, Object> named =
                with(TestServer.authentication(issuer), Map.of("allowed-hosts", "outrider.example"));
        try (TestServer behindProxy = new TestServer(named)) {
            assertThat(asked(behindProxy, "GET /health/live", "Outrider.example"))
                    .startsWith("HTTP/1.1 200");
            assertThat(asked(behindProxy, "GET /health/live", "evil.example")).startsWith("HTTP/1.1 421");
            assertThat(asked(behindProxy, "POST /api/v1/score", "outrider.example\r\nOrigin: https://outrider.example"))
                    .startsWith("HTTP/1.1 401");
        }
    }

    private static String asked(TestServer server, String what, String host) {
        return server.raw(what + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private HttpResponse<String> get(String path, String token) {
        return server.get(path, "Authorization", "Bearer " + token);
    }

    private static int status(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    }

    private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }
}
