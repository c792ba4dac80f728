package io.outrider.detection.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.outrider.core.alert.Alert;
import io.outrider.core.alert.AlertCodec;
import io.outrider.detection.alert.KafkaPublisher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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

    /** @param source CloudEvents source of the alerts */
    WebhookCall(WebhookSettings.Endpoint endpoint, String source, Duration timeout, Clock clock) {
        this.endpoint = endpoint;
        this.source = source;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** The status that the receiver answered with. IOException if it did not, in time. */
    int send(Alert alert) throws IOException, InterruptedException {
        byte[] body = body(alert);
        String timestamp = Long.toString(clock.millis() / 1000);
        HttpRequest request = HttpRequest.newBuilder(endpoint.url())
                .timeout(timeout)
                .header("Content-Type", "application/cloudevents+json; charset=utf-8")
                .header("webhook-id", alert.id())
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", "v1," + signature(endpoint.secret(), alert.id(), timestamp, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
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
