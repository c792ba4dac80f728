package io.outrider.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.outrider.core.event.LogPosition;
import io.outrider.core.event.Transaction;
import io.outrider.core.model.ContextRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ScoredEventCodecTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static String schema() throws IOException {
        String name = "/schema/scored-transaction.schema.json";
        try (InputStream in = Objects.requireNonNull(ScoredEventCodecTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ScoredEvent scored(boolean full) {
        Map<String, Double> vector = new LinkedHashMap<>();
        vector.put("amount", 912.4);
        vector.put("seconds_since_last", Double.NaN);
        return new ScoredEvent(
                "g1-3-42",
                full
                        ? new Transaction(
                                "t-7", "user-1", 912.4, 1_700_000_000_123L, "m-9", "ios", "10.0.0.7", "EUR", true)
                        : new Transaction("t-7", "user-1", 912.4, 1_700_000_000_123L, null, null, null, null, null),
                7.25,
                0.9991,
                0.99,
                full,
                !full,
                new Receipt(
                        new LogPosition("g1", 3, 42), new ContextRef("20231114-abcdef012345", 0), "plan-1", vector));
    }

    @Test
    void scoredTransactionsSatisfyTheSchema() throws IOException {
        var schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema());
        for (boolean full : List.of(true, false)) {
            String json = new String(ScoredEventCodec.encode(scored(full)), StandardCharsets.UTF_8);
            assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
        }
        assertThat(schema.validate("{}", InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void theSchemaDescribesEveryFieldAndNoMore() throws IOException {
        JsonNode written = JSON.readTree(ScoredEventCodec.encode(scored(true)));
        JsonNode described = JSON.readTree(schema()).get("properties");
        assertThat(written.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(described::fieldNames);
    }

    @Test
    void bytesAreFixed() {
        assertThat(new String(ScoredEventCodec.encode(scored(false)), StandardCharsets.UTF_8))
                .isEqualTo("""
                {"id":"g1-3-42","account":"user-1","transactionId":"t-7","eventTime":"2023-11-14T22:13:20.123Z",\
                "amount":912.4,"merchant":null,"device":null,"network":null,"currency":null,"rawScore":7.25,\
                "score":0.9991,"threshold":0.99,"alert":false,"review":true,"receipt":{"position":{"generation":"g1",\
                "partition":3,"offset":42},"context":{"modelVersion":"20231114-abcdef012345","riskVersion":0},\
                "planFingerprint":"plan-1","vector":{"amount":912.4,"seconds_since_last":null}}}""");
    }
}
