package io.outrider.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TransactionCodecPropertyTest {

    private static final long YEAR_9999_MS = 253_402_300_799_999L;

    private final TransactionDecoder decoder = new TransactionDecoder(EventSchema.TRANSACTIONS);
    private final TransactionEncoder encoder = new TransactionEncoder(EventSchema.TRANSACTIONS);

    @Property
    void whatIsEncodedDecodesToTheSame(@ForAll("transactions") Transaction transaction) {
        assertThat(decoder.decode(encoder.encode(transaction), transaction.eventTimeMs()))
                .isEqualTo(transaction);
    }

    @Property
    void anyBytesAreDecodedOrRejectedWithAReason(@ForAll byte[] bytes, @ForAll long appendTimeMs) {
        assertThat(decoder.decode(bytes, appendTimeMs)).isNotNull();
    }

    @Property
    void damagedJsonIsDecodedOrRejectedWithAReason(
            @ForAll("transactions") Transaction transaction,
            @ForAll int at,
            @ForAll byte replacement,
            @ForAll boolean cut) {
        byte[] json = encoder.encode(transaction);
        int position = Math.floorMod(at, json.length);
        if (cut) {
            json = java.util.Arrays.copyOf(json, position);
        } else {
            json[position] = replacement;
        }
        DecodeResult result = decoder.decode(json, transaction.eventTimeMs());
        if (cut) {
            assertThat(result)
                    .isInstanceOfSatisfying(
                            Rejection.class, r -> assertThat(r.reason()).isEqualTo(RejectionReason.NOT_JSON));
        } else {
            assertThat(result).isNotNull();
        }
    }

    @Property
    void anyJsonValueInAnyFieldIsDecodedOrRejectedWithAReason(
            @ForAll("fields") String field, @ForAll("jsonValues") String value) {
        String json = "{\"" + field + "\":" + value + ",\"user_id\":\"u\"}";
        assertThat(decoder.decode(json.getBytes(UTF_8), 0)).isInstanceOf(Rejection.class);
    }

    @Provide
    Arbitrary<String> fields() {
        return Arbitraries.of("transaction_id", "amount", "timestamp", "merchant_id", "is_fraud", "unknown");
    }

    @Provide
    Arbitrary<String> jsonValues() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "null",
                        "true",
                        "[]",
                        "{}",
                        "[[{\"a\":[]}]]",
                        "NaN",
                        "\"\"",
                        "-0",
                        "1e400",
                        "\"\\ud800\"",
                        "[NaN]"),
                Arbitraries.doubles().map(String::valueOf),
                Arbitraries.bigIntegers().map(String::valueOf),
                Arbitraries.strings().alpha().numeric().map(s -> '"' + s + '"'));
    }

    @Provide
    Arbitrary<Transaction> transactions() {
        Arbitrary<String> names = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(30)
                .filter(s -> !s.isBlank() && s.equals(new String(s.getBytes(UTF_8), UTF_8)));
        Arbitrary<String> optional = names.injectNull(0.3);
        Arbitrary<Double> amounts = Arbitraries.oneOf(
                Arbitraries.doubles().greaterOrEqual(0).map(d -> d + 0.0),
                Arbitraries.integers().between(0, 1_000_000).map(cents -> cents / 100.0));
        return Combinators.combine(
                        names,
                        names,
                        amounts,
                        Arbitraries.longs().between(-62_167_219_200_000L, YEAR_9999_MS),
                        optional,
                        optional,
                        optional,
                        Arbitraries.of(true, false).injectNull(0.3))
                .as((id, account, amount, time, merchant, device, network, fraud) ->
                        new Transaction(id, account, amount, time, merchant, device, network, "EUR", fraud));
    }
}
