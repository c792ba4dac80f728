package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.http.access.AuthorizationTable;
import io.outrider.http.access.Operation;
import io.outrider.http.access.Role;
import io.outrider.http.access.TokenIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every operation of the table, with every role, with every kind of token that must not do. It prints the matrix (into
 * {@code target/surefire-reports}): what a cell says was answered, not looked up.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthorizationMatrixTest {

    private final TokenIssuer issuer = new TokenIssuer();
    private TestServer server;
    private int cases;

    @BeforeAll
    void start() {
        server = TestServer.withTokensOf(issuer);
    }

    @AfterAll
    void stop() {
        server.close();
        issuer.close();
    }

    @Test
    void everyOperationAnswersEachRoleAndEachBadTokenAsTheTableSays() {
        List<String> wrong = new ArrayList<>();
        Map<Role, Map<String, String>> bad = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            bad.put(role, badTokens(role.wireName()));
        }
        StringBuilder matrix = new StringBuilder();
        matrix.append(String.format(
                "%-50s %-8s %-8s %-8s %-8s %-8s%n", "", "no role", "viewer", "analyst", "operator", "bad"));
        for (Operation operation : AuthorizationTable.operations()) {
            StringBuilder row = new StringBuilder(String.format("%-50s", operation));
            row.append(String.format(" %-8s", cell(operation, null, issuer.token("sailor"), wrong)));
            for (Role role : Role.values()) {
                row.append(
                        String.format(" %-8s", cell(operation, role, issuer.token(role.wireName(), "sailor"), wrong)));
            }
            row.append(String.format(" %-8s", refusals(operation, bad, wrong)));
            matrix.append(row).append(System.lineSeparator());
        }
        System.out.println(matrix + "" + cases + " cases");

        assertThat(wrong).isEmpty();
        assertThat(cases).isEqualTo(AuthorizationTable.operations().size() * (4 + 3 * 10));
    }

    @Test
    void whatTheTableDoesNotListIsServedToNobody() {
        String operator = issuer.token("operator");

        assertThat(status("DELETE", "/api/v1/accounts", operator)).isEqualTo(405);
        assertThat(status("GET", "/api/v1/secrets", operator)).isEqualTo(404);
        assertThat(status("GET", "/api/v1/secrets", "")).isEqualTo(401);
    }

    @Test
    void whoeverIsKnownMayAskWhichMethodsThereAre() {
        String viewer = issuer.token("viewer");
        for (String path : List.of("/api/v1/accounts/4711", "/api/v1/transactions")) {
            var told = server.send("OPTIONS", path, "", "Authorization", "Bearer " + viewer);
            var refused = server.send("PUT", path, "", "Authorization", "Bearer " + viewer);

            assertThat(told.statusCode()).isEqualTo(204);
            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow"))
                    .isEqualTo(told.headers().firstValue("Allow"));
        }
        assertThat(server.send("OPTIONS", "/api/v1/accounts/4711", "", "Authorization", "Bearer " + viewer)
                        .headers()
                        .firstValue("Allow"))
                .contains("DELETE, GET, HEAD, OPTIONS");
        assertThat(status("OPTIONS", "/api/v1/accounts", "")).isEqualTo(401);
        assertThat(status("OPTIONS", "/api/v1/secrets", viewer)).isEqualTo(404);
    }

    @Test
    void anEncodedPathIsTheSamePath() {
        assertThat(status("GET", "/api/v1/%61lerts", "")).isEqualTo(401);
        assertThat(status("GET", "/api/v1/%61lerts", issuer.token("viewer"))).isEqualTo(200);
        assertThat(status("GET", "/api/v1/accounts/a%2Fb", "")).isEqualTo(401);
        assertThat(status("POST", "/api/v1/alerts/x%2Flabel", issuer.token("operator")))
                .isEqualTo(405);
    }

    /** What a role was answered: its name stands for let through. */
    private String cell(Operation operation, @Nullable Role role, String token, List<String> wrong) {
        boolean may = operation.role() == null || (role != null && role.includes(operation.role()));
        int status = status(operation, token);
        cases++;
        boolean passed = status != 401 && status != 403;
        if (passed != may || (!may && status != 403)) {
            wrong.add(operation + " with " + role + ": " + status);
        }
        return passed ? "yes" : Integer.toString(status);
    }

    private String refusals(Operation operation, Map<Role, Map<String, String>> bad, List<String> wrong) {
        int refused = 0;
        for (Role role : Role.values()) {
            for (Map.Entry<String, String> kind :
                    bad.getOrDefault(role, Map.of()).entrySet()) {
                String token = kind.getValue();
                int status = status(operation, token);
                cases++;
                boolean open = operation.role() == null;
                if (open == (status == 401)) {
                    wrong.add(operation + " with " + kind.getKey() + " of " + role + ": " + status);
                }
                refused += status == 401 ? 1 : 0;
            }
        }
        return refused == 0 ? "yes" : refused + "x401";
    }

    private Map<String, String> badTokens(String role) {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("no token", "");
        tokens.put("expired", issuer.expired(role));
        tokens.put("not yet valid", issuer.notYetValid(role));
        tokens.put("wrong audience", issuer.ofAnotherAudience(role));
        tokens.put("wrong issuer", issuer.ofAnotherIssuer(role));
        tokens.put("alg=none", issuer.unsigned(role));
        tokens.put("HS256 with the public key", issuer.signedWithThePublicKey(role));
        tokens.put("tampered", issuer.tampered(role));
        tokens.put("unknown kid", issuer.ofAnUnknownKey(role));
        tokens.put("another key under the kid", issuer.ofAnotherKeyUnderTheSameId(role));
        return tokens;
    }

    private int status(Operation operation, String token) {
        return status(operation.method(), operation.template().replaceAll("\\{[^}]*}", "x"), token);
    }

    /** By hand, so that an event stream's status is enough. */
    private int status(String method, String path, String token) {
        String request =
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n"
                        + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return Integer.parseInt(new String(start, StandardCharsets.ISO_8859_1).substring(9));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
