package io.outrider.detection.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.context.Context;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.core.trace.ClientCall;
import io.outrider.core.trace.Tracing;
import io.outrider.detection.alert.KafkaPublisher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One alert sent once: a CloudEvent 1.0 in structured mode, signed as Standard Webhooks has it: {@code webhook-signature} is {@code
 * v1,} and the Base64 of HMAC-SHA256 over {@code webhook-id}.{@code webhook-timestamp}.body. The id is the alert's, so a receiver
 * folds repetitions by it. Redirections are not followed.
 */
final class WebhookCall {

    private static final JsonFactory JSON = new JsonFactory();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final WebhookSettings.Endpoint endpoint;
    private final String source;
    private final Duration timeout;
    private final Clock clock;
    private final Tracing tracing;
    private final ClientCall.Server server;

    /** @param source CloudEvents source of the alerts */
    WebhookCall(WebhookSettings.Endpoint endpoint, String source, Duration timeout, Clock clock, Tracing tracing) {
        this.endpoint = endpoint;
        this.source = source;
        this.timeout = timeout;
        this.clock = clock;
        this.tracing = tracing;
        URI url = endpoint.url();
        this.server = new ClientCall.Server(url.getScheme(), url.getHost(), url.getPort());
    }

    /**
     * The status that the receiver answered with. IOException if it did not, in time and to the end.
     *
     * @param trace that the alert comes from; the receiver is told of it
     * @param before how often it was sent before
     */
    int send(Alert alert, Context trace, int before) throws IOException, InterruptedException {
        var request = new ClientCall.Request("POST", server, ClientCall.REDACTED);
        try (ClientCall call = ClientCall.begin(tracing, trace, request, before)) {
            try {
                int status = answer(request(alert, call)).statusCode();
                call.answered(status);
                return status;
            } catch (IOException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    /** The request's own time limit ends with the answer's headers; this one, with its body. */
    private HttpResponse<Void> answer(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            HttpTimeoutException late = new HttpTimeoutException("request timed out");
            late.initCause(e);
            throw late;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("the request failed: " + e.getCause(), e);
        } finally {
            answer.cancel(true); // closes the connection, where the answer is not there
        }
    }

    private HttpRequest request(Alert alert, ClientCall call) {
        byte[] body = body(alert);
        String timestamp = Long.toString(clock.millis() / 1000);
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.url())
                .timeout(timeout)
                .header("Content-Type", "application/cloudevents+json; charset=utf-8")
                .header("webhook-id", alert.id())
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", "v1," + signature(endpoint.secret(), alert.id(), timestamp, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        call.outgoing(request::header);
        return request.build();
    }

    static String signature(byte[] secret, String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private byte[] body(Alert alert) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2_048);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("id", alert.id());
            json.writeStringField("type", KafkaPublisher.ALERT_TYPE);
            json.writeStringField("source", source);
            json.writeStringField("subject", alert.transaction().account());
            json.writeStringField(
                    "time",
                    Instant.ofEpochMilli(alert.transaction().eventTimeMs()).toString());
            json.writeStringField("datacontenttype", "application/json");
            json.writeFieldName("data");
            json.writeRawValue(new String(AlertCodec.encode(alert), StandardCharsets.UTF_8));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
