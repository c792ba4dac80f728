package io.outrider.core.pseudonym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.core.event.DecodeResult;
import io.outrider.core.event.Erasure;
import io.outrider.core.event.EventSchema;
import io.outrider.core.event.Label;
import io.outrider.core.event.LabelEncoder;
import io.outrider.core.event.LabelReading;
import io.outrider.core.event.RecordDecoder;
import io.outrider.core.event.Rejection;
import io.outrider.core.event.Transaction;
import io.outrider.core.event.TransactionEncoder;
import io.outrider.core.feature.FeaturePlan;
import io.outrider.core.partition.AccountPartitioner;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Names of accounts by a key, and what decodes by them. */
class AccountNamesTest {

    private static final byte[] SECRET = "a secret of thirty-two bytes, .. ".getBytes(StandardCharsets.UTF_8);
    private static final PseudonymKey KEY = PseudonymKey.of(SECRET);
    private static final List<String> PARTITIONERS = List.of("murmur2", "crc32", "event-hubs");

    @Test
    void aPseudonymLiesOnItsAccountsPartitionWhicheverPartitionerPlacesIt() {
        for (String name : PARTITIONERS) {
            AccountPartitioner partitioner = AccountPartitioner.named(name);
            for (int partitions : new int[] {1, 4, 32, 200}) {
                AccountNames names = KEY.names(partitioner, partitions);
                for (int i = 0; i < 200; i++) {
                    assertThat(partitioner.partition(names.of("konto-ü-" + i), partitions))
                            .isEqualTo(partitioner.partition("konto-ü-" + i, partitions));
                }
            }
        }
    }

    @Test
    void aPseudonymIsHmacSha256OfTheIdAndTheSameEachTime() throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        String digits = HexFormat.of().formatHex(mac.doFinal("C000143".getBytes(StandardCharsets.UTF_8)));

        assertThat(names(KEY).of("C000143")).isEqualTo("pn-" + digits.substring(0, 32) + "-0");
        assertThat(names(KEY).of("C000143"))
                .isEqualTo(names(PseudonymKey.of(SECRET.clone())).of("C000143"));
        assertThat(names(KEY).of("C000143"))
                .isNotEqualTo(names(PseudonymKey.of(new byte[32])).of("C000143"));
    }

    @Test
    void accountsKeepApartAndNamesAreTheirOwnNames() {
        AccountNames names = KEY.names(AccountPartitioner.named("murmur2"), 8);
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            String name = names.of("C" + i);
            made.add(name);
            assertThat(names.of(name)).isEqualTo(name);
            assertThat(names.of("C" + i)).as("as it is kept").isEqualTo(name);
        }
        assertThat(made).hasSize(5_000).allMatch(AccountNames::isPseudonym);
    }

    @Test
    void whatOnlyLooksLikeAPseudonymIsAnAccount() {
        AccountNames names = names(KEY);
        String digits = "0123456789abcdef".repeat(2);
        for (String id : List.of(
                "pn-",
                "pn-" + digits,
                "pn-" + digits + "-",
                "pn-" + digits + "-A",
                "pn-" + digits + "_0",
                "xx-" + digits + "-0",
                "pn-" + digits.replace('a', 'g') + "-0",
                "pn-" + digits + "-0000000")) {
            assertThat(names.of(id)).isNotEqualTo(id);
        }
        assertThat(names.of("pn-" + digits + "-z1")).isEqualTo("pn-" + digits + "-z1");
    }

    @Test
    void withoutAKeyAccountsKeepTheirIdsAndStatesAreOfThePlanAlone() {
        FeaturePlan plan = FeaturePlan.named("transactions");
        assertThat(names(PseudonymKey.NONE).of("C1")).isEqualTo("C1");
        assertThat(PseudonymKey.NONE.statesOf(plan.fingerprint())).isEqualTo(plan.fingerprint());
        assertThat(KEY.statesOf(plan.fingerprint()))
                .startsWith(plan.fingerprint())
                .endsWith(KEY.mark());
        assertThat(KEY.mark()).isNotEqualTo(PseudonymKey.of(new byte[32]).mark());
    }

    @Test
    void aShortKeyIsRefusedAndNoKeyIsPrinted() {
        assertThatThrownBy(() -> PseudonymKey.of(new byte[31])).hasMessageContaining("at least 32 bytes, has 31");
        assertThat(KEY.toString()).doesNotContain("secret").contains(KEY.mark());
    }

    @Test
    void decodedRecordsNameNoAccountByItsId() {
        RecordDecoder decoder =
                new RecordDecoder(EventSchema.TRANSACTIONS, AccountPartitioner.named("murmur2"), 0, 1, KEY);
        String name = names(KEY).of("C000143");
        Transaction event = new Transaction("t", "C000143", 5, 1_000, "m", null, null, null, null);
        byte[] value = new TransactionEncoder(EventSchema.TRANSACTIONS).encode(event);

        assertThat(decoder.decode(value, 1_000)).isEqualTo(event.withAccount(name));
        assertThat(decoder.decode(new Erasure("e", "C000143").encode("user_id"), 1_000))
                .isEqualTo(new Erasure("e", name));
        assertThat(decoder.decode(new Erasure("e", name).encode("user_id"), 1_000))
                .isEqualTo(new Erasure("e", name));
        Label label = new Label("t", "C000143", "m", 1_000, true, "ann", 1, 2_000);
        assertThat(new LabelReading(Duration.ofHours(1), names(KEY))
                        .decoder()
                        .decode(LabelEncoder.encode(label), 2_000))
                .isEqualTo(label.withAccount(name));
    }

    @Test
    void aRecordOnTheWrongPartitionIsToldWithoutItsAccountsId() {
        AccountPartitioner partitioner = AccountPartitioner.named("murmur2");
        int wrong = (partitioner.partition("C000143", 8) + 1) % 8;
        RecordDecoder decoder = new RecordDecoder(EventSchema.TRANSACTIONS, partitioner, wrong, 8, KEY);
        byte[] value = new TransactionEncoder(EventSchema.TRANSACTIONS)
                .encode(new Transaction("t", "C000143", 5, 1_000, "m", null, null, null, null));

        DecodeResult result = decoder.decode(value, 1_000);
        assertThat(result).isInstanceOf(Rejection.class);
        assertThat(result.toString()).contains("pn-").doesNotContain("C000143");
    }

    private static AccountNames names(PseudonymKey key) {
        return key.names(AccountPartitioner.named("murmur2"), 1);
    }
}
