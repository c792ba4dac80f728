package io.outrider.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.core.partition.AccountPartitioner;
import io.outrider.core.pseudonym.PseudonymKey;
import org.junit.jupiter.api.Test;

class ErasureTest {

    private static final Erasure ERASURE = new Erasure("e-1", "C \"1\"");

    private final RecordDecoder decoder = decoder(1);

    private static RecordDecoder decoder(int partitions) {
        return new RecordDecoder(
                EventSchema.TRANSACTIONS, AccountPartitioner.named("murmur2"), 0, partitions, PseudonymKey.NONE);
    }

    @Test
    void isReadBackFromTheLog() {
        assertThat(decoder.decode(ERASURE.encode("user_id"), 0)).isEqualTo(ERASURE);
    }

    @Test
    void isNoEventForWhoeverTakesEventsFromOutside() {
        DecodeResult read = new TransactionDecoder(EventSchema.TRANSACTIONS).decode(ERASURE.encode("user_id"), 0);

        assertThat(read).isInstanceOf(Rejection.class);
    }

    @Test
    void aWholeEventThatMentionsOneIsAnEvent() {
        byte[] event =
                ("{\"transaction_id\":\"t\",\"user_id\":\"a\",\"amount\":1,\"timestamp\":\"1970-01-01T00:00:00Z\","
                                + "\"outrider_erasure\":\"e\"}")
                        .getBytes(UTF_8);

        assertThat(decoder.decode(event, 0)).isInstanceOf(Transaction.class);
    }

    @Test
    void oneWithoutAccountIsABadRecord() {
        assertThat(decoder.decode("{\"outrider_erasure\":\"e\",\"user_id\":\" \"}".getBytes(UTF_8), 0))
                .isInstanceOf(Rejection.class);
    }

    @Test
    void oneOnAnotherPartitionThanItsAccountIsABadRecord() {
        RecordDecoder ofMany = decoder(1_000);

        assertThat(ofMany.decode(new Erasure("e", "somebody").encode("user_id"), 0))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(RejectionReason.WRONG_PARTITION));
    }
}
