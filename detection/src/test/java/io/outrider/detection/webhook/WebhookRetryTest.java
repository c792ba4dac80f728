package io.outrider.detection.webhook;

import static io.outrider.detection.webhook.WebhookFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.alert.Severity;
import io.outrider.core.trace.Tracing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receiver that refuses, does not answer, has gone, or takes what it is sent. */
class WebhookRetryTest {

    @TempDir
    Path folder;

    private WebhookFixture hooks;

    @BeforeEach
    void open() throws IOException {
        hooks = new WebhookFixture(folder);
    }

    @AfterEach
    void close() throws Exception {
        hooks.close();
    }

    @Test
    void anAlertIsSentSignedAndAgainUntilItIsTaken() throws Exception {
        hooks.receiver.answers.addAll(List.of(500, WebhookReceiver.HANG, 429, 204));
        hooks.start(Severity.LOW, Duration.ZERO).close(); // begins with what comes from now on
        hooks.append(alert(0, "a", Severity.HIGH));
        hooks.start(Severity.LOW, Duration.ZERO);

        await().until(() -> hooks.metrics.webhooks.sum() == 1);
        assertThat(hooks.receiver.received)
                .hasSize(4)
                .allMatch(event -> event.get("id").asText().equals("g-0-0"));
        assertThat(hooks.receiver.badSignatures).isEmpty();
        JsonNode event = hooks.receiver.received.get(3);
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("subject").asText()).isEqualTo("a");
        assertThat(AlertCodec.decode(event.get("data").toString().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(alert(0, "a", Severity.HIGH));
        assertThat(hooks.metrics.webhookRetries.sum()).isEqualTo(3);
    }

    @Test
    void aReceiverWhoseAnswerDoesNotEndHasNotAnsweredInTime() throws Exception {
        hooks.receiver.answers.addAll(List.of(WebhookReceiver.STALL, 204));
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.append(alert(0, "a", Severity.HIGH));
        hooks.start(Severity.LOW, Duration.ZERO);

        await().until(() -> hooks.metrics.webhooks.sum() == 1);
        assertThat(hooks.receiver.ids()).containsExactly("g-0-0", "g-0-0");
        assertThat(hooks.metrics.webhookRetries.sum()).isEqualTo(1);
        assertThat(hooks.spans.ended().get(0).getAttributes().get(AttributeKey.stringKey("error.type")))
                .contains("HttpTimeoutException");
    }

    @Test
    void eachTryIsASpanInTheAlertsTraceThatTellsNoPathAndTheReceiverIsToldOfIt() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String sending = "00f067aa0ba902b7";
        hooks.receiver.answers.addAll(List.of(503, 204));
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.append(alert(0, "a", Severity.HIGH));
        hooks.topic
                .get(0)
                .headers()
                .add(Tracing.TRACEPARENT, ("00-" + trace + "-" + sending + "-01").getBytes(StandardCharsets.UTF_8));
        hooks.start(Severity.LOW, Duration.ZERO);

        await().until(() -> hooks.metrics.webhooks.sum() == 1);
        int port = hooks.receiver.url().getPort();
        assertThat(hooks.spans.ended()).hasSize(2).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(trace);
            assertThat(span.getParentSpanId()).isEqualTo(sending);
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(span.getName()).isEqualTo("POST");
            assertThat(span.getAttributes().get(AttributeKey.stringKey("server.address")))
                    .isEqualTo("127.0.0.1");
            assertThat(span.getAttributes().get(AttributeKey.longKey("server.port")))
                    .isEqualTo(port);
            assertThat(span.getAttributes().asMap().toString())
                    .as("an address that is a secret")
                    .doesNotContain("/hook");
        });
        SpanData refused = hooks.spans.ended().get(0);
        assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(refused.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("503");
        SpanData taken = hooks.spans.ended().get(1);
        assertThat(taken.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
                .isEqualTo(204);
        assertThat(taken.getAttributes().get(AttributeKey.longKey("http.request.resend_count")))
                .isEqualTo(1);
        assertThat(hooks.receiver.traced)
                .containsExactly(
                        "00-" + trace + "-" + refused.getSpanId() + "-01",
                        "00-" + trace + "-" + taken.getSpanId() + "-01");
    }

    @Test
    void whatIsNeverTakenBecomesADeadLetterAndTheNextOneIsSent() throws Exception {
        hooks.receiver.answers.addAll(List.of(500, 500, 500, 500, 200));
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.append(alert(0, "a", Severity.HIGH));
        hooks.append(alert(1, "a", Severity.HIGH));
        hooks.start(Severity.LOW, Duration.ZERO);

        await().until(() -> hooks.metrics.webhooks.sum() == 1);
        assertThat(hooks.dead("g-0-0")).contains("status 500, 4 times");
        assertThat(hooks.metrics.webhookDeadLetters.sum()).isEqualTo(1);
    }

    @Test
    void aReceiverThatHasGoneIsSentNothingMoreEvenAfterARestart() throws Exception {
        hooks.receiver.answers.add(410);
        hooks.start(Severity.LOW, Duration.ZERO).close();
        hooks.append(alert(0, "a", Severity.HIGH));
        WebhookStream first = hooks.start(Severity.LOW, Duration.ZERO);
        await().until(() ->
                hooks.metrics.webhookDeadLetters.sum() == 1 && hooks.state().contains("\"g/0\":1"));
        first.close();
        hooks.append(alert(1, "a", Severity.HIGH));
        hooks.start(Severity.LOW, Duration.ZERO);

        await().until(() -> hooks.metrics.webhookDeadLetters.sum() == 2);
        assertThat(hooks.receiver.received).hasSize(1);
        assertThat(hooks.dead("g-0-1")).contains("gone (410)");
    }
}
