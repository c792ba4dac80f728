package io.outrider.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import io.outrider.core.port.UnavailableException;
import io.outrider.http.access.TokenIssuer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Tokens, card numbers and bodies are sent in every way that goes wrong; none may be found in the log, down to debug. */
final class LogSecrecyTest {

    private static final String CARD = "4000001234567899";
    private static final String SECRET = "s3cr3t-mark";

    private final TokenIssuer issuer = new TokenIssuer();
    private final TestServer server = TestServer.withTokensOf(issuer);
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Level level = root.getLevel();

    @BeforeEach
    void listen() {
        root.setLevel(Level.DEBUG);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stop() {
        root.detachAppender(log);
        root.setLevel(level);
        server.close();
        issuer.close();
    }

    @Test
    void noTokenNoCardNumberAndNoBodyIsLogged() {
        String good = issuer.token("operator");
        List<String> tokens =
                List.of(good, issuer.expired("viewer"), issuer.ofAnUnknownKey("viewer"), SECRET, SECRET + ".x.y");
        for (String token : tokens) {
            server.get("/api/v1/accounts/" + CARD, "Authorization", "Bearer " + token);
            post("/api/v1/transactions", "{\"user_id\":\"" + CARD + "\",\"note\":\"" + SECRET + "\"}", token);
            post("/api/v1/score", "[{\"user_id\":\"" + CARD + "\", " + SECRET, token);
        }
        server.raw("GET /api/v1/alerts?account=" + CARD
                + "&limit=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        server.raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + SECRET + " \u0001,\r\n"
                + "Cookie: " + SECRET + "=;;\"\r\nConnection: close\r\n\r\n");
        server.node.failWith(new UnavailableException("the broker is away"));
        server.get("/api/v1/accounts/" + CARD, "Authorization", "Bearer " + good);
        server.node.failWith(new IllegalStateException("a defect"));
        Problems.of(server.get("/api/v1/accounts/" + CARD, "Authorization", "Bearer " + good), 500, "internal-error");

        List<String> lines = lines();
        assertThat(lines).anyMatch(line -> line.contains("GET /api/v1/accounts/… failed"));
        assertThat(lines).noneMatch(line -> line.contains(CARD)).noneMatch(line -> line.contains(SECRET));
        for (String token : tokens) {
            assertThat(lines).noneMatch(line -> line.contains(token));
        }
    }

    private void post(String path, String body, String token) {
        server.send("POST", path, body, "Content-Type", "application/json", "Authorization", "Bearer " + token);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            lines.add(event.getFormattedMessage());
            for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                lines.add(String.valueOf(cause.getMessage()));
            }
        }
        return lines;
    }
}
