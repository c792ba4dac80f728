package io.outrider.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LabelDecoderTest {

    private static final long APPENDED = Instant.parse("2018-07-01T12:00:00Z").toEpochMilli();
    private static final String GOOD = """
            {"transaction_id":"t1","account":"4711","merchant_id":"m9","event_time":"2018-07-01T11:00:00Z",\
            "verdict":"fraud","by":"ann","version":1}""";

    private final LabelDecoder decoder = new LabelDecoder(Duration.ofHours(1), false);

    @Test
    void aLabelIsKnownSinceItsAppendTime() {
        assertThat(decode(GOOD))
                .isEqualTo(new Label("t1", "4711", "m9", APPENDED - 3_600_000, true, "ann", 1, APPENDED));
        assertThat(decode(GOOD.replace("\"m9\"", "\" \"").replace("\"fraud\"", "\"genuine\"")))
                .isEqualTo(new Label("t1", "4711", null, APPENDED - 3_600_000, false, "ann", 1, APPENDED));
    }

    @Test
    void idsMayBeNumbersAndUnknownFieldsAreSkipped() {
        String json = GOOD.replace("\"t1\"", "17").replace("{", "{\"label_id\":{\"a\":[1]},");
        assertThat(decode(json))
                .isInstanceOfSatisfying(
                        Label.class, label -> assertThat(label.transactionId()).isEqualTo("17"));
    }

    @Test
    void aFraudMayBeOfAScenario() {
        assertThat(scenario("\" takeover \"")).isEqualTo("takeover");
        assertThat(scenario("3")).as("as files number them").isEqualTo("3");
        assertThat(scenario("\" \"")).isNull();
        assertThat(scenario("null")).isNull();
        rejects(withScenario("{}"), RejectionReason.WRONG_TYPE, "scenario");
        rejects(
                withScenario("\"" + "x".repeat(65) + "\""),
                RejectionReason.WRONG_VALUE,
                "scenario is longer than 64 characters");
        String genuine = withScenario("\"takeover\"").replace("\"fraud\"", "\"genuine\"");
        rejects(
                genuine,
                RejectionReason.WRONG_VALUE,
                "scenario is a kind of fraud, and the verdict is genuine: \"takeover\"");
        assertThat(decode(genuine.replace("takeover", ""))).isInstanceOf(Label.class);
    }

    @Test
    void whatIsEncodedIsDecodedTheSame() {
        Label label = new Label("t\u00e9\"", "a", null, APPENDED - 7, false, "b c", 3, APPENDED);
        assertThat(decoder.decode(LabelEncoder.encode(label), APPENDED)).isEqualTo(label);
        Label ofScenario = new Label("t", "a", null, APPENDED - 7, true, "slow-drain", "b", 1, APPENDED);
        assertThat(decoder.decode(LabelEncoder.encode(ofScenario), APPENDED)).isEqualTo(ofScenario);
        Label other = new Label("t", "a", "m", APPENDED - 7_000, true, "b", 1, APPENDED);
        assertThat(new String(LabelEncoder.encode(other), StandardCharsets.UTF_8))
                .isEqualTo("{\"transaction_id\":\"t\",\"account\":\"a\",\"merchant_id\":\"m\","
                        + "\"event_time\":\"2018-07-01T11:59:53Z\",\"verdict\":\"fraud\",\"by\":\"b\",\"version\":1}");
    }

    @Test
    void eachDefectHasItsReasonAndNamesTheValue() {
        rejects("nonsense", RejectionReason.NOT_JSON, "nonsense");
        rejects("[]", RejectionReason.NOT_JSON, "not a JSON object");
        rejects("", RejectionReason.NOT_JSON, "not a JSON object");
        rejects(GOOD + "x", RejectionReason.NOT_JSON, "x");
        rejects(GOOD.replace("transaction_id", "id"), RejectionReason.MISSING_FIELD, "transaction_id");
        rejects(GOOD.replace("\"account\"", "\"user\""), RejectionReason.MISSING_FIELD, "account");
        rejects(GOOD.replace("4711", "  "), RejectionReason.EMPTY_ACCOUNT, "account");
        rejects(GOOD.replace("event_time", "time"), RejectionReason.MISSING_FIELD, "event_time");
        rejects(
                GOOD.replace("2018-07-01T11:00:00Z", "noon"),
                RejectionReason.UNPARSEABLE_TIMESTAMP,
                "event_time is not an ISO-8601 date and time: \"noon\"");
        rejects(
                GOOD.replace("\"fraud\"", "\"maybe\""),
                RejectionReason.WRONG_VALUE,
                "verdict is neither fraud nor genuine: \"maybe\"");
        rejects(GOOD.replace("\"by\"", "\"who\""), RejectionReason.MISSING_FIELD, "by");
        rejects(GOOD.replace(":1}", ":0}"), RejectionReason.WRONG_VALUE, "version");
        rejects(GOOD.replace(":1}", ":1.5}"), RejectionReason.WRONG_TYPE, "version");
        rejects(GOOD.replace("\"m9\"", "{}"), RejectionReason.WRONG_TYPE, "merchant_id");
        rejects(GOOD.replace("T11:", "T14:"), RejectionReason.FAR_FUTURE, "event_time lies 7200 s");
        rejects(GOOD.replace("m9", "m".repeat(70_000)), RejectionReason.OVERSIZED, "70");
    }

    @Test
    void onlyAHistoricalImportMayDeclareSinceWhenALabelIsKnown() {
        String declared = GOOD.replace("}", ",\"known_since\":\"2018-07-01T11:30:00Z\"}");
        rejects(declared, RejectionReason.WRONG_VALUE, "known_since may only be declared in a historical import");
        LabelDecoder historical = new LabelDecoder(Duration.ofHours(1), true);
        assertThat(historical.decode(utf8(declared), APPENDED))
                .isInstanceOfSatisfying(
                        Label.class, label -> assertThat(label.knownSinceMs()).isEqualTo(APPENDED - 1_800_000));
        assertThat(historical.decode(utf8(declared.replace("T11:30", "T12:30")), APPENDED))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(RejectionReason.WRONG_VALUE));
    }

    @Test
    void aCorrectionReplacesAndTheFirstOfAVersionStays() {
        Label first = new Label("t", "a", "m", 0, true, "x", 1, 10);
        Label again = new Label("t", "a", "m", 0, true, "x", 1, 20);
        Label corrected = new Label("t", "a", "m", 0, false, "y", 2, 5);
        assertThat(corrected.replaces(first)).isTrue();
        assertThat(first.replaces(corrected)).isFalse();
        assertThat(first.replaces(again)).isTrue();
        assertThat(again.replaces(first)).isFalse();
        assertThat(first.replaces(first)).isFalse();
    }

    @Test
    void ofTwoThatDifferInTheScenarioAloneOneReplacesTheOther() {
        Label untold = new Label("t", "a", "m", 0, true, "x", 1, 10);
        Label takeover = new Label("t", "a", "m", 0, true, "takeover", "x", 1, 10);
        Label burst = new Label("t", "a", "m", 0, true, "burst", "x", 1, 10);
        assertThat(untold.replaces(takeover)).isTrue();
        assertThat(takeover.replaces(untold)).isFalse();
        assertThat(burst.replaces(takeover)).isTrue();
        assertThat(takeover.replaces(burst)).isFalse();
    }

    private static String withScenario(String value) {
        return GOOD.replace("\"by\"", "\"scenario\":" + value + ",\"by\"");
    }

    private @Nullable String scenario(String value) {
        return ((Label) decode(withScenario(value))).scenario();
    }

    private void rejects(String json, RejectionReason reason, String named) {
        assertThat(decode(json)).isInstanceOfSatisfying(Rejection.class, rejection -> {
            assertThat(rejection.reason()).as(json).isEqualTo(reason);
            assertThat(rejection.detail()).contains(named);
        });
    }

    private LabelResult decode(String json) {
        return decoder.decode(utf8(json), APPENDED);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
