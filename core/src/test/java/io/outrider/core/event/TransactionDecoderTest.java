package io.outrider.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionDecoderTest {

    private static final long APPENDED =
            Instant.parse("2026-01-01T00:00:00.900Z").toEpochMilli();

    private final TransactionDecoder decoder = new TransactionDecoder(EventSchema.TRANSACTIONS);

    @Test
    void everyFieldIsRead() {
        assertThat(decode("""
                {"transaction_id":"t-1","user_id":"u-1","amount":12.5,"timestamp":"2018-04-01T00:00:31Z","merchant_id":"m-1",
                 "device_type":"mobile","ip_address":"10.0.0.1","currency":"EUR","is_fraud":true,"channel":{"a":[1,{"b":null}]}}"""))
                .isEqualTo(new Transaction(
                        "t-1", "u-1", 12.5, ms("2018-04-01T00:00:31Z"), "m-1", "mobile", "10.0.0.1", "EUR", true));
    }

    @Test
    void optionalFieldsMayBeAbsentNullOrBlank() {
        assertThat(decode("""
                {"transaction_id":"t","user_id":"u","amount":0,"timestamp":"2018-04-01 00:00","merchant_id":null,
                 "device_type":" ","is_fraud":""}"""))
                .isEqualTo(new Transaction("t", "u", 0, ms("2018-04-01T00:00:00Z"), null, null, null, null, null));
    }

    @Test
    void idsMayBeNumbersAndAmountsText() {
        assertThat(decode("""
                {"transaction_id":17,"user_id":-4096,"amount":" 1e2 ","timestamp":"2018-04-01T00:00:31","merchant_id":3}"""))
                .isEqualTo(
                        new Transaction("17", "-4096", 100, ms("2018-04-01T00:00:31Z"), "3", null, null, null, null));
    }

    @Test
    void theLastOfDuplicateFieldsCounts() {
        assertThat(decode("""
                {"transaction_id":"t","amount":"junk","user_id":"u","amount":1,"amount":2,"timestamp":"2018-04-01T00:00:31Z"}"""))
                .isInstanceOfSatisfying(
                        Transaction.class, t -> assertThat(t.amount()).isEqualTo(2));
    }

    @Test
    void theIdOfABadRecordIsToldWhereItCouldBeRead() {
        decode(with("amount", "-1"));
        String ofBad = decoder.lastId();
        decode("{\"transaction_id\":{},\"amount\":-1}");
        String ofUnreadable = decoder.lastId();
        decode(with("amount", "1"));
        decoder.decode(new byte[TransactionDecoder.MAX_BYTES + 1], APPENDED);

        assertThat(ofBad).isEqualTo("t-1");
        assertThat(ofUnreadable).isNull();
        assertThat(decoder.lastId()).isNull();
    }

    @Test
    void aByteOrderMarkIsTolerated() {
        assertThat(decode("\uFEFF" + with("amount", "1"))).isInstanceOf(Transaction.class);
    }

    @Test
    void negativeZeroIsZero() {
        assertThat(decode(with("amount", "-0.0")))
                .isInstanceOfSatisfying(
                        Transaction.class,
                        t -> assertThat(Double.doubleToLongBits(t.amount())).isZero());
    }

    @ParameterizedTest
    @CsvSource({
        "true, true",
        "false, false",
        "1, true",
        "0, false",
        "1.0, true",
        "'\"true\"', true",
        "'\"0\"', false",
        "'\"FALSE\"', false"
    })
    void truthIsReadFromEverySpelling(String json, boolean expected) {
        assertThat(decode(with("is_fraud", json)))
                .isInstanceOfSatisfying(
                        Transaction.class, t -> assertThat(t.fraud()).isEqualTo(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "2018-04-01T00:00:31Z, 2018-04-01T00:00:31Z",
        "2018-04-01T00:00:31z, 2018-04-01T00:00:31Z",
        "2018-04-01t00:00:31, 2018-04-01T00:00:31Z",
        "2018-04-01 00:00:31, 2018-04-01T00:00:31Z",
        "2018-04-01T00:00, 2018-04-01T00:00:00Z",
        "2018-04-01T00:00:31.5, 2018-04-01T00:00:31.500Z",
        "'2018-04-01T00:00:31,123456789Z', 2018-04-01T00:00:31.123Z",
        "2018-04-01T00:00:31+02:00, 2018-03-31T22:00:31Z",
        "2018-04-01T00:00:31-0330, 2018-04-01T03:30:31Z",
        "2018-04-01T00:00:31+01, 2018-03-31T23:00:31Z",
        "2020-02-29T23:59:59.999Z, 2020-02-29T23:59:59.999Z",
        "1969-12-31T23:59:59Z, 1969-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    })
    void timestampsAreReadAsIso8601AndUtcWithoutZone(String text, String instant) {
        assertThat(decode(with("timestamp", '"' + text + '"')))
                .isInstanceOfSatisfying(
                        Transaction.class, t -> assertThat(t.eventTimeMs()).isEqualTo(ms(instant)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2018-04-01",
                "2018-4-1T00:00:00Z",
                "2018-13-01T00:00:00Z",
                "2018-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2018-04-31T00:00:00Z",
                "2018-04-00T00:00:00Z",
                "2018-04-01T24:00:00Z",
                "2018-04-01T00:60:00Z",
                "2018-04-01T00:00:60Z",
                "2018-04-01T00:00:00.Z",
                "2018-04-01T00:00:00.1234567890Z",
                "2018-04-01T00:00:00ZZ",
                "2018-04-01T00:00:00+",
                "2018-04-01T00:00:00+2",
                "2018-04-01T00:00:00+02:",
                "2018-04-01T00:00:00+19:00",
                "01/04/2018 00:00:00",
                "20180401T000000Z",
                "2018-04-01T00:00:00[UTC]",
                "1522540800",
                "２018-04-01T00:00:00Z"
            })
    void otherTimestampsAreUnparseable(String text) {
        assertRejected(with("timestamp", '"' + text + '"'), RejectionReason.UNPARSEABLE_TIMESTAMP, "timestamp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "\"text\"",
                "{",
                "}",
                "nonsense",
                "{\"a\":1",
                "{\"a\":1,}",
                "{'a':1}",
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1} x",
                "{\"a\":[1}",
                "{\"a\":NaN}",
                "{\"a\":[{\"b\":-Infinity}]}",
                "{\"a\":\"\u0001\"}",
                "{a:1}",
                "{\"a\":01}"
            })
    void whatIsNotOneJsonObjectIsNotJson(String text) {
        assertRejected(text, RejectionReason.NOT_JSON, "");
    }

    @Test
    void brokenJsonIsNotJsonEvenIfAFieldBeforeItWasBadToo() {
        assertRejected("{\"amount\":\"x\",\"user_id\":", RejectionReason.NOT_JSON, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction_id", "user_id", "amount", "timestamp"})
    void aMissingOrNullRequiredFieldIsNamed(String field) {
        assertRejected(with(field, "null"), RejectionReason.MISSING_FIELD, field);
        assertRejected(with(field, "1").replace('"' + field + '"', "\"other\""), RejectionReason.MISSING_FIELD, field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transaction_id|true",
                "transaction_id|1.5",
                "user_id|{\"a\":1}",
                "user_id|[\"u\"]",
                "amount|\"abc\"",
                "amount|\"\"",
                "amount|\"1,5\"",
                "amount|\"0x10\"",
                "amount|\"1d\"",
                "amount|\"1e\"",
                "amount|\".\"",
                "amount|true",
                "amount|[1]",
                "timestamp|1522540800",
                "timestamp|{}",
                "merchant_id|{}",
                "device_type|false",
                "is_fraud|2",
                "is_fraud|\"maybe\"",
                "is_fraud|[]",
                "user_id|\"\\ud800\""
            })
    void aFieldOfAnotherTypeIsNamed(String field, String json) {
        assertRejected(with(field, json), RejectionReason.WRONG_TYPE, field);
    }

    @Test
    void textOfMoreThan256CharactersIsOfTheWrongType() {
        assertThat(decode(with("user_id", '"' + "u".repeat(256) + '"'))).isInstanceOf(Transaction.class);
        assertRejected(with("user_id", '"' + "u".repeat(257) + '"'), RejectionReason.WRONG_TYPE, "user_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NaN",
                "Infinity",
                "-Infinity",
                "1e999",
                "-1e999",
                "\"NaN\"",
                "\"-inf\"",
                "\"+Infinity\"",
                "\"1e400\""
            })
    void anAmountThatIsNoFiniteNumberIsRejected(String json) {
        assertRejected(with("amount", json), RejectionReason.NON_FINITE_AMOUNT, "amount");
    }

    @Test
    void aNegativeAmountIsRejectedUnlessTheSchemaAllowsIt() {
        assertRejected(with("amount", "-0.01"), RejectionReason.NEGATIVE_AMOUNT, "-0.01");
        var sensors = new EventSchema(
                "transaction_id",
                "user_id",
                "amount",
                "timestamp",
                null,
                null,
                null,
                null,
                null,
                true,
                EventSchema.TRANSACTIONS.maxAhead());
        assertThat(new TransactionDecoder(sensors)
                        .decode(with("amount", "-0.01").getBytes(UTF_8), APPENDED))
                .isInstanceOf(Transaction.class);
    }

    @Test
    void farInTheFutureIsJudgedAtWholeSeconds() {
        assertThat(decode(with("timestamp", "\"2026-01-01T01:00:00.999Z\""))).isInstanceOf(Transaction.class);
        assertRejected(with("timestamp", "\"2026-01-01T01:00:01Z\""), RejectionReason.FAR_FUTURE, "timestamp");
    }

    @Test
    void anOversizedRecordIsRejectedUnread() {
        String padding = "{\"x\":\"" + "x".repeat(TransactionDecoder.MAX_BYTES) + "\"}";
        assertRejected(padding, RejectionReason.OVERSIZED, "bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\\t\\n", "\\u2003"})
    void aBlankAccountIsEmpty(String account) {
        assertRejected(with("user_id", '"' + account + '"'), RejectionReason.EMPTY_ACCOUNT, "user_id");
    }

    @Test
    void detailsAreShortAndPrintable() {
        DecodeResult result = decode(with("amount", "\"\\u0000\\n" + "9".repeat(5000) + "x\""));
        assertThat(result)
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.detail())
                                .contains("\\u0000\\u000a9")
                                .hasSizeLessThan(200)
                                .matches("[\\x20-\\x7e…]+"));
    }

    private void assertRejected(String json, RejectionReason reason, String named) {
        assertThat(decode(json)).as(json).isInstanceOfSatisfying(Rejection.class, rejection -> {
            assertThat(rejection.reason()).as(rejection.detail()).isEqualTo(reason);
            assertThat(rejection.detail()).contains(named);
        });
    }

    private DecodeResult decode(String json) {
        return decoder.decode(json.getBytes(UTF_8), APPENDED);
    }

    /** A good transaction with one field's JSON replaced or added. */
    private static String with(String field, String json) {
        var fields = new java.util.LinkedHashMap<String, String>();
        fields.put("transaction_id", "\"t-1\"");
        fields.put("user_id", "\"u-1\"");
        fields.put("amount", "5");
        fields.put("timestamp", "\"2018-04-01T00:00:31Z\"");
        fields.put(field, json);
        var text = new StringBuilder("{");
        fields.forEach((name, value) -> text.append(text.length() > 1 ? "," : "")
                .append('"' + name + "\":")
                .append(value));
        return text.append('}').toString();
    }

    private static long ms(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
