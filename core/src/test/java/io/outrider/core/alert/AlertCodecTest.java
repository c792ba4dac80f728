package io.outrider.core.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AlertCodecTest {

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(AlertCodecTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }

    private static JsonSchema schema() throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(new String(resource("/schema/alert.schema.json"), StandardCharsets.UTF_8));
    }

    private static Alert full() {
        Map<String, Double> vector = new LinkedHashMap<>();
        vector.put("amount", 912.4);
        vector.put("amount_robust_z", 11.3);
        vector.put("seconds_since_last", Double.NaN);
        return new Alert(
                "g1-3-42",
                new Transaction("t-7", "user-1", 912.4, 1_700_000_000_123L, "m-9", "ios", "10.0.0.7", "EUR", true),
                0.9991,
                0.99,
                Severity.HIGH,
                "20231114-abcdef012345",
                "g1-3-40",
                61.2,
                List.of("amount 912.40 is 11.3 robust deviations above this account's median 61.20"),
                0.55,
                List.of(
                        new Attribution("amount_robust_z", "amount against the account's median", 11.3, 0.4),
                        new Attribution("seconds_since_last", "time since the last", Double.NaN, 0.0491)),
                new Counterfactual("amount_robust_z", "amount against the account's median", 11.3, 2.75, 0.9899),
                new Receipt(
                        new LogPosition("g1", 3, 42), new ContextRef("20231114-abcdef012345", 0), "plan-1", vector));
    }

    private static Alert bare(String text, double score, @Nullable String merchant) {
        return new Alert(
                text,
                new Transaction(text, text, score * 1e6, 0, merchant, null, null, null, null),
                score,
                score,
                Severity.LOW,
                text,
                text,
                Double.NaN,
                List.of(text),
                score,
                List.of(),
                null,
                new Receipt(new LogPosition(text, 0, Long.MAX_VALUE), new ContextRef(text, 7), text, Map.of()));
    }

    /** The wire format: a difference breaks consumers, so the file changes only by adding fields. */
    @Test
    void bytesAreThoseOfTheGoldenFile() throws IOException {
        byte[] golden = resource("/alert/golden.json");
        assertThat(new String(AlertCodec.encode(full()), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden, StandardCharsets.UTF_8).strip());
        assertThat(AlertCodec.decode(golden)).isEqualTo(full());
    }

    @Test
    void alertsSatisfyTheSchema() throws IOException {
        for (Alert alert : List.of(full(), bare("x", 0.5, null))) {
            String json = new String(AlertCodec.encode(alert), StandardCharsets.UTF_8);
            assertThat(schema().validate(json, InputFormat.JSON)).isEmpty();
        }
    }

    @Test
    void theSchemaDescribesEveryFieldAndNoMore() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        var alert = mapper.readTree(AlertCodec.encode(full()));
        var properties = mapper.readTree(resource("/schema/alert.schema.json")).get("properties");
        List<String> written = new ArrayList<>();
        alert.fieldNames().forEachRemaining(written::add);
        List<String> described = new ArrayList<>();
        properties.fieldNames().forEachRemaining(described::add);
        assertThat(written).containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void theSchemaRefusesAMissingFieldAndAWrongSeverity() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode alert = (ObjectNode) mapper.readTree(AlertCodec.encode(full()));
        alert.put("severity", "HIGH");
        assertThat(schema().validate(alert)).hasSize(1);
        alert.put("severity", "high");
        alert.remove("receipt");
        assertThat(schema().validate(alert)).hasSize(1);
    }

    @Property(tries = 200)
    void decodingGivesBackAnEqualAlert(@ForAll String text, @ForAll double number, @ForAll boolean named) {
        double score = Double.isFinite(number) ? number : 0;
        Alert alert = bare(text, score, named ? text : null);
        if (text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF) && Double.isFinite(score * 1e6)) {
            assertThat(AlertCodec.decode(AlertCodec.encode(alert))).isEqualTo(alert);
        }
    }

    @Test
    void refusesWhatIsNoAlertNamingTheField() {
        String json = new String(AlertCodec.encode(full()), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> AlertCodec.decode("[1".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AlertCodec.decode("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> AlertCodec.decode(
                        json.replace("\"score\":0.9991", "\"score\":\"x\"").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score is no number");
        assertThatThrownBy(() -> AlertCodec.decode(
                        json.replace("2023-11-14T", "yesterday").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eventTime");
    }
}
